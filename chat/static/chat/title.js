/** The title of the tab (the room, the number of unread messages) and its icon, which has a dot if there are any. */

import { find, shortCount } from "./dom.js";
import { afterPaint, nextFrame } from "./next_frame.js";
import { phrase } from "./phrases.js";
import { roomName } from "./room_names.js";

/** @import { Store } from "./store.js" */

export class Title {
  #icon = find(document, "link[rel=icon]", HTMLLinkElement);
  #iconHref = this.#icon.href;
  #store;
  #site = find(document, ".brand span").textContent;
  /** The title of the server's page, while that is shown. */
  #page = document.title;
  /** @type {string | null} a slug */
  #room = null;
  /** The name of a page without a room that the server did not send. */
  #name = "";

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
    store.on("rooms", nextFrame(() => this.#draw()).ask);
    this.#draw();
  }

  /** @param {string | null} room a slug; null for a page without a room @param {string} [name] of that page; the home page has none */
  setRoom(room, name = "") {
    this.#room = room;
    this.#name = name;
    this.#page = this.#site;
    // A switch of rooms is to be painted soon.
    afterPaint(() => this.#draw());
  }

  /** The title of what is shown, without the number of unread messages. */
  get text() {
    const room = this.#room === null ? undefined : this.#store.rooms.get(this.#room);
    const name = room ? roomName(room, this.#store.you) : this.#name;
    return name ? `${name} · ${this.#site}` : this.#room === null ? this.#page : this.#site;
  }

  #draw() {
    const title = this.text;
    const { quiet, rooms } = this.#store;
    quiet.update((slug) => rooms.get(slug));
    const unread = this.#store.unread - quiet.total;
    document.title = unread ? phrase("title_unread", { count: shortCount(unread), title }) : title;
    const icon = (unread && this.#icon.dataset.unread) || this.#iconHref;
    if (this.#icon.getAttribute("href") !== icon) this.#icon.setAttribute("href", icon);
  }
}
