/**
 * Drags a room by the mouse into the favourites, or to another place among them. The menu of a room does the same. Without
 * favourites their section is shown while a room is dragged, with a place for the first one.
 */

import { closest, find, findAll } from "../dom.js";
import { CommandError, command } from "../protocol.js";

/** @import { TabContext } from "../room_view.js" */

export class FavouriteDrag {
  #section;
  #tab;
  /** @type {string | null} the slug of the room that is dragged */
  #dragged = null;
  /** Whether the server is asked for the place of a room that was dropped. */
  #isSending = false;
  #onChange;

  /**
   * @param {HTMLElement} root of the list of rooms
   * @param {Pick<TabContext, "store" | "connection" | "notice">} tab
   * @param {() => void} onChange `needsPlace` has another value. It must draw later: a browser ends a drag at once if the
   *   element that is dragged moves meanwhile.
   */
  constructor(root, tab, onChange) {
    this.#tab = tab;
    this.#onChange = onChange;
    this.#section = find(root, '[data-section="favourites"]');
    root.addEventListener("dragstart", (event) => this.#begin(event));
    root.addEventListener("dragend", () => this.#end());
    this.#section.addEventListener("dragover", (event) => this.#over(event));
    this.#section.addEventListener("drop", (event) => this.#drop(event));
  }

  /** Whether the section must have a place, even without favourites. */
  get needsPlace() {
    const { rooms } = this.#tab.store;
    return this.#isSending || (this.#dragged !== null && rooms.has(this.#dragged));
  }

  /** @param {DragEvent} event */
  #begin(event) {
    const slug = closest(event, ".room-link")?.dataset.room ?? null;
    const room = slug === null ? undefined : this.#tab.store.rooms.get(slug);
    // Archived rooms have a section of their own.
    if (!room?.role || room.archived) return;
    this.#dragged = slug;
    this.#onChange();
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
    this.#isSending = true;
    try {
      await this.#tab.connection.request(command.favourite(room, true, before));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#tab.notice.showError(error);
    } finally {
      this.#isSending = false;
      this.#onChange();
    }
  }

  #end() {
    this.#dragged = null;
    this.#mark(undefined);
    this.#section.classList.remove("dropping");
    this.#onChange();
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
