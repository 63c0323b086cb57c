/** Which part of the site an address leads to: a room, the home page, the search, or a page that the server renders. Pure. */

/**
 * @import { Asked } from "./search/search.js"
 * @import { Addresses } from "./wire.d.ts"
 *
 * @typedef {object} Place a room, the home page, or the search
 * @property {string | null} room a slug; null for the home page and for the search
 * @property {number} [message] the id of a message in the room
 * @property {Asked} [asked] what is searched for
 */

export class Places {
  #origin;
  #home;
  #search;
  #beforeSlug;
  #afterSlug;

  /** @param {Pick<Addresses, "home" | "room" | "search">} addresses @param {string} origin of the site */
  constructor({ home, room, search }, origin) {
    this.#origin = origin;
    this.#home = home;
    this.#search = search;
    [this.#beforeSlug = "", this.#afterSlug = ""] = room.split("__slug__");
  }

  /** The path of the home page. */
  get home() {
    return this.#home;
  }

  /** The path of a room. @param {string} room a slug @returns {string} */
  pathOf(room) {
    return `${this.#beforeSlug}${encodeURIComponent(room)}${this.#afterSlug}`;
  }

  /** @param {URL} url @returns {Place | null} null for another page, of this site or elsewhere */
  at({ origin, pathname, search }) {
    if (origin !== this.#origin) return null;
    if (pathname === this.#search) return { room: null, asked: askedIn(search) };
    if (search) return null;
    if (pathname === this.#home) return { room: null };
    const [, path = pathname, id] = /^(.*\/)([1-9][0-9]{0,15})\/$/.exec(pathname) ?? [];
    return this.#roomAt(pathname) ?? (id ? this.#roomAt(path, Number(id)) : null);
  }

  /** @param {string} pathname @param {number} [message] @returns {Place | null} */
  #roomAt(pathname, message) {
    const slug = pathname.slice(this.#beforeSlug.length, -this.#afterSlug.length);
    const room = decode(slug);
    if (!slug || slug.includes("/") || room === null || pathname !== this.pathOf(room)) return null;
    return message === undefined ? { room } : { room, message };
  }
}

/** What the address of a search asks for. @param {string} search the part after the path @returns {Asked} */
export function askedIn(search) {
  const parameters = new URLSearchParams(search);
  return { query: parameters.get("q") ?? "", order: parameters.get("order") === "best" ? "best" : "newest" };
}

/** @param {string} text @returns {string | null} null for a text that is no valid encoding */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
