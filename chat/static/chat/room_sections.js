/** The sections of the sidebar: which rooms are in which, in which order, and with which counts. Pure. */

import { roomName } from "./room_names.js";
import { countOf } from "./room_states.js";

/**
 * @import { RoomState, You } from "./wire.d.ts"
 *
 * @typedef {"favourites" | "rooms" | "direct" | "archived"} SectionName
 *
 * @typedef {object} Section
 * @property {SectionName} name
 * @property {RoomState[]} rooms all of its rooms, in order
 * @property {RoomState[]} shown those that are shown: a folded section shows rooms with news, and the current one
 */

/** @type {SectionName[]} */
const SECTIONS = ["favourites", "rooms", "direct", "archived"];
/** "Team 2" comes before "Team 10". */
const BY_NAME = new Intl.Collator(undefined, { numeric: true });

/**
 * @param {Iterable<RoomState>} states
 * @param {object} view
 * @param {You} view.you
 * @param {string | null} view.current the slug of the room that is shown
 * @param {ReadonlySet<string>} view.folded names of sections
 * @param {readonly string[]} [view.order] slugs of direct rooms that keep this order, whatever is written in them
 * @returns {Section[]} in the order of the sidebar
 */
export function sectionsOf(states, { you, current, folded, order = [] }) {
  const rooms = [...states].filter(({ hidden, slug }) => !hidden || slug === current);
  rooms.sort((a, b) => BY_NAME.compare(roomName(a, you), roomName(b, you)));
  return SECTIONS.map((name) => {
    const own = rooms.filter((room) => sectionOf(room) === name);
    if (name === "favourites") own.sort(byPlace);
    if (name === "direct") {
      own.sort(byActivity);
      keepOrder(own, order);
    }
    const shown = folded.has(name) ? own.filter((room) => room.slug === current || countOf(room) > 0) : own;
    return { name, rooms: own, shown };
  });
}

/** The slugs of the favourites, in their order. @param {Iterable<RoomState>} states @returns {string[]} */
export function favouritesOf(states) {
  const favourites = [...states].filter((room) => sectionOf(room) === "favourites");
  return favourites.sort(byPlace).map(({ slug }) => slug);
}

/** The room in which something was written last is the first. @param {RoomState} a @param {RoomState} b */
function byActivity(a, b) {
  return Date.parse(b.active_at) - Date.parse(a.active_at);
}

/** The rooms of a former order stay in it, others follow. @param {RoomState[]} rooms @param {readonly string[]} order slugs */
function keepOrder(rooms, order) {
  const placeOf = (/** @type {RoomState} */ { slug }) => (order.includes(slug) ? order.indexOf(slug) : order.length);
  rooms.sort((a, b) => placeOf(a) - placeOf(b));
}

/** @param {RoomState} a @param {RoomState} b */
function byPlace(a, b) {
  return Number(a.favourite) - Number(b.favourite);
}

/** @param {RoomState} room @returns {SectionName} */
function sectionOf({ archived, favourite, kind }) {
  if (archived) return "archived";
  if (favourite !== null) return "favourites";
  return kind === "direct" ? "direct" : "rooms";
}
