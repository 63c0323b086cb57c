/** Listens for the keys of shortcuts.js, and shows them in the dialog `#keys-dialog`. */

import { byId, closest, findAll, showModal } from "../dom.js";
import { countOf } from "../room_states.js";
import { isMac, roomBeside, shortcutOf } from "../shortcuts.js";
import { TAKES_TEXT } from "./type_anywhere.js";

/**
 * @import { Action } from "../shortcuts.js"
 * @import { Navigation } from "../navigation.js"
 * @import { Shell } from "../shell.js"
 * @import { RoomState } from "../wire.d.ts"
 * @import { Switcher } from "./switcher.js"
 */

/** What the keys are called on a Mac. */
const MAC_NAMES = new Map([
  ["Ctrl", "⌘"],
  ["Alt", "⌥"],
  ["Shift", "⇧"],
]);

export class Shortcuts {
  #shell;
  #navigation;
  #dialog = byId("keys-dialog", HTMLDialogElement);
  /** @type {Record<Action, () => void>} */
  #actions;

  /** @param {Shell} shell @param {Navigation} navigation @param {Switcher} switcher @param {() => void} search opens the search */
  constructor(shell, navigation, switcher, search) {
    this.#shell = shell;
    this.#navigation = navigation;
    this.#actions = {
      switcher: () => switcher.open(),
      search,
      keys: () => this.#showKeys(),
      previous: () => this.#goBeside(-1),
      next: () => this.#goBeside(1),
      "previous-unread": () => this.#goBeside(-1, true),
      "next-unread": () => this.#goBeside(1, true),
    };
    document.addEventListener("keydown", (event) => this.#pressed(event));
    for (const button of findAll(document, "[data-open-keys]")) button.addEventListener("click", () => this.#showKeysFrom(button));
    if (isMac()) {
      for (const key of document.querySelectorAll("kbd")) key.textContent = MAC_NAMES.get(key.textContent) ?? key.textContent;
    }
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const isTyping = closest(event, TAKES_TEXT) !== null;
    const hasComposer = document.querySelector(".room .compose:not([hidden])") !== null;
    const action = event.defaultPrevented ? null : shortcutOf(event, { isMac: isMac(), isTyping, hasComposer });
    if (!action) return;
    event.preventDefault();
    // A dialog asks something: the page behind it does not change.
    if (!document.querySelector("dialog:modal")) this.#actions[action]();
  }

  /** Show the dialog from a menu, which closes. @param {HTMLElement} button */
  #showKeysFrom(button) {
    button.closest("details")?.removeAttribute("open");
    this.#showKeys();
  }

  #showKeys() {
    showModal(this.#dialog);
  }

  /** @param {1 | -1} step @param {boolean} [isUnread] only rooms with unread messages */
  #goBeside(step, isUnread = false) {
    const { tab, wanted } = this.#shell;
    const next = roomBeside(roomsInList(), wanted, step, (slug) => !isUnread || hasUnread(tab.store.rooms.get(slug)));
    if (next !== undefined) this.#navigation.goToRoom(next);
  }
}

/** @param {RoomState | undefined} room */
function hasUnread(room) {
  return room !== undefined && countOf(room) > 0;
}

/** The slugs of the rooms as the sidebar lists them, without those of folded sections. */
function roomsInList() {
  const links = findAll(byId("rooms"), "a[data-room]").filter((link) => !link.closest("[hidden], details:not([open])"));
  return links.map((link) => link.dataset.room ?? "");
}
