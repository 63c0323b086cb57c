/** Drags a room by the mouse into the favourites, or to another place among them. The menu of a room does the same. */

import { closest, find, findAll } from "../dom.js";
import { CommandError, command } from "../protocol.js";

/** @import { TabContext } from "../room_view.js" */

export class FavouriteDrag {
  #section;
  #tab;
  /** @type {string | null} the slug of the room that is dragged */
  #dragged = null;

  /** @param {HTMLElement} root of the list of rooms @param {Pick<TabContext, "store" | "connection" | "notice">} tab */
  constructor(root, tab) {
    this.#tab = tab;
    this.#section = find(root, '[data-section="favourites"]');
    root.addEventListener("dragstart", (event) => this.#begin(event));
    root.addEventListener("dragend", () => this.#end());
    this.#section.addEventListener("dragover", (event) => this.#over(event));
    this.#section.addEventListener("drop", (event) => this.#drop(event));
  }

  /** @param {DragEvent} event */
  #begin(event) {
    const slug = closest(event, ".room-link")?.dataset.room ?? null;
    if (slug === null || !this.#tab.store.rooms.get(slug)?.role) return;
    this.#dragged = slug;
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "copyMove";
  }

  /** @param {DragEvent} event */
  #over(event) {
    if (this.#dragged === null) return;
    event.preventDefault();
    this.#mark(this.#before(event));
  }

  /** @param {DragEvent} event */
  async #drop(event) {
    const room = this.#dragged;
    if (room === null) return;
    event.preventDefault();
    const before = this.#before(event)?.dataset.room ?? null;
    this.#end();
    if (before === room) return;
    try {
      await this.#tab.connection.request(command.favourite(room, true, before));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#tab.notice.showError(error);
    }
  }

  #end() {
    this.#dragged = null;
    this.#mark(undefined);
    this.#section.classList.remove("dropping");
  }

  /** The favourite that the room would be placed before; undefined: it would be the last one. @param {DragEvent} event */
  #before({ clientY }) {
    return this.#links.find((link) => {
      const { top, height } = link.getBoundingClientRect();
      return clientY < top + height / 2;
    });
  }

  /** @param {HTMLElement | undefined} before */
  #mark(before) {
    for (const link of this.#links) link.classList.toggle("drop-before", link === before);
    this.#section.classList.toggle("dropping", before === undefined && this.#dragged !== null);
  }

  get #links() {
    return findAll(this.#section, ".room-link");
  }
}
