/** How a room is called for its reader. A direct room has no name: it is called by its other people. */

import { phrase } from "./phrases.js";

/** @import { Person, RoomState, You } from "./wire.d.ts" */

/**
 * The people of a direct room, without the reader.
 * @param {Pick<RoomState, "people">} room
 * @param {You} you
 * @returns {Person[]} empty for the room in which a person keeps notes, and for rooms of other kinds
 */
export function othersIn({ people }, you) {
  return people.filter(({ id }) => id !== you.user?.id);
}

/**
 * @param {Pick<RoomState, "kind" | "name" | "people">} room
 * @param {You} you the reader
 * @returns {string}
 */
export function roomName(room, you) {
  if (room.kind !== "direct") return room.name;
  const names = othersIn(room, you).map(({ name }) => name);
  return names.length ? names.join(", ") : phrase("notes");
}
