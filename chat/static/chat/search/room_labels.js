/** How rooms are called in a search: by their names, also those that only the server's answer knows. */

import { phrase } from "../phrases.js";
import { roomName } from "../room_names.js";

/**
 * @import { Store } from "../store.js"
 * @import { Search } from "./search.js"
 *
 * @typedef {{search: Pick<Search, "rooms">, store: Store}} Known
 */

/** @param {string} slug @param {Known} known @returns {string} the name of a room, or what was typed if it is not known */
export function roomLabel(slug, { search, store }) {
  const listed = store.rooms.get(slug);
  if (listed) return roomName(listed, store.you);
  const found = search.rooms.get(slug);
  if (!found) return slug;
  if (found.kind !== "direct") return found.name;
  const others = found.people.filter(({ id }) => id !== store.you.user?.id);
  return others.map((person) => store.people.name(person)).join(", ") || phrase("notes");
}

/** A query with the names of direct rooms, whose slugs say nothing. @param {string} query @param {Known} known */
export function readableQuery(query, known) {
  return query.replace(/\bin:([a-z0-9-]+)/g, (whole, slug) => {
    const isDirect = known.store.rooms.get(slug)?.kind === "direct";
    return isDirect ? `in:${roomLabel(slug, known)}` : whole;
  });
}
