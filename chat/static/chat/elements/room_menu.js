/** The menu of a room in the sidebar, `#room-menu`: favourite, move, mute, hide. One for all rooms. */

import { byId, find, show } from "../dom.js";
import { CommandError, command } from "../protocol.js";
import { favouritesOf } from "../room_sections.js";
import { PopupMenu } from "./popup_menu.js";

/**
 * @import { TabContext } from "../room_view.js"
 * @import { RoomState } from "../wire.d.ts"
 * @import { Point } from "./popup_menu.js"
 */

export class RoomMenu {
  #menu = byId("room-menu");
  #popup;
  #tab;
  /** @type {RoomState | null} */
  #room = null;

  /** @param {Pick<TabContext, "store" | "connection" | "notice">} tab */
  constructor(tab) {
    this.#tab = tab;
    this.#popup = new PopupMenu(this.#menu, (item) => this.#choose(item.dataset.do ?? ""));
  }

  /**
   * @param {RoomState} room
   * @param {HTMLElement} button that the menu belongs to: it has the focus afterwards
   * @param {Point} [at] where the menu opens; else below the button
   */
  open(room, button, at) {
    this.#room = room;
    this.#popup.open(button, () => this.#fill(room), at);
  }

  /** The button of the room whose menu is open, or null. */
  get button() {
    return this.#popup.button;
  }

  /** Close it; the focus goes to its button. */
  close() {
    this.#popup.close();
  }

  /** @param {RoomState} room */
  #fill({ favourite, kind, muted, slug }) {
    const favourites = favouritesOf(this.#tab.store.rooms.values());
    const place = favourites.indexOf(slug);
    const isOn = { favourite: favourite !== null, mute: muted };
    for (const [name, on] of Object.entries(isOn)) {
      const item = this.#item(name);
      show(find(item, "[data-on]"), on);
      show(find(item, "[data-off]"), !on);
    }
    show(this.#item("up"), place > 0);
    show(this.#item("down"), place >= 0 && place < favourites.length - 1);
    show(this.#item("hide"), kind === "direct");
  }

  /** @param {string} action */
  #choose(action) {
    if (this.#room) void this.#send(this.#commandFor(action, this.#room));
  }

  /** @param {string} action @param {RoomState} room */
  #commandFor(action, { favourite, muted, slug }) {
    if (action === "mute") return command.mute(slug, !muted);
    if (action === "hide") return command.hide(slug, true);
    if (action === "favourite") return command.favourite(slug, favourite === null);
    const others = favouritesOf(this.#tab.store.rooms.values());
    const place = others.indexOf(slug);
    others.splice(place, 1);
    return command.favourite(slug, true, others[action === "up" ? place - 1 : place + 1] ?? null);
  }

  /** @param {Parameters<TabContext["connection"]["request"]>[0]} what */
  async #send(what) {
    try {
      await this.#tab.connection.request(what);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#tab.notice.showError(error);
    }
  }

  /** @param {string} name */
  #item(name) {
    return find(this.#menu, `[data-do="${name}"]`);
  }
}
