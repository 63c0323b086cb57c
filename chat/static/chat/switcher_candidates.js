/** Rooms and people as entries of the quick switcher. */

import { othersIn, roomName } from "./room_names.js";
import { countOf } from "./room_states.js";

/**
 * @import { Candidate } from "./switcher_entries.js"
 * @import { ListedRoom, Person, RoomState, You } from "./wire.d.ts"
 *
 * @typedef {Candidate & {kind: string, detail: string, slug?: string, state?: RoomState, person?: Person}} Entry
 *   `slug` of a room, with its `state` if it is in the person's list; without a slug, `person` leads to a direct room
 */

/** @param {Person} person that the server has found @returns {Entry} */
export function entryOfPerson(person) {
  const { handle, id, name } = person;
  return { key: `person ${id}`, type: "person", kind: "direct", name, handle, detail: handleBeside(person), person };
}

/** @param {ListedRoom} room that the server has found @returns {Entry} */
export function entryOfListedRoom({ slug, name, kind, topic }) {
  return { key: slug, type: "room", kind, name, detail: topic, slug };
}

/** @param {RoomState} room of the person's list @param {You} you @returns {Entry} */
export function entryOfRoom(room, you) {
  const people = othersIn(room, you);
  // Without others a person keeps notes in it.
  const [only] = people.length > 1 ? [] : [...people, ...room.people];
  return {
    // One entry for a person and the direct room with them.
    key: only ? `person ${only.id}` : room.slug,
    type: room.kind === "direct" ? "person" : "room",
    kind: room.kind,
    name: roomName(room, you),
    ...(only && { person: only }),
    others: people.length,
    handle: people.map(({ handle }) => handle).join(" "),
    detail: only ? handleBeside(only) : room.topic,
    unread: countOf(room),
    mentions: room.mentions,
    slug: room.slug,
    state: room,
  };
}

/** A person's handle, if their name does not show it. @param {Person} person */
function handleBeside({ handle, name }) {
  return handle === name ? "" : `@${handle}`;
}
