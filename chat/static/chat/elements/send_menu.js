/** The menu beside the button Send: send silently, send later, ask a poll. */

import { plannedTime } from "../dates.js";
import { find, findAll, findOptional, fromTemplate, setText, show } from "../dom.js";
import { Emitter } from "../emitter.js";
import { laterTimes } from "../later_times.js";
import { phrase } from "../phrases.js";
import { PopupMenu } from "./popup_menu.js";
import { askTime } from "./time_dialog.js";

/**
 * @typedef {object} SendMenuEvents
 * @property {[]} silently send the message without a notification
 * @property {[Date]} later send the message at this time
 * @property {[]} poll ask a poll
 */

/** Phrases for the times of later_times.js. */
const NAMES = { in_an_hour: "later_in_an_hour", tomorrow: "later_tomorrow", monday: "later_monday" };

/** @extends {Emitter<SendMenuEvents>} */
export class SendMenu extends Emitter {
  #button;
  #menu;
  #popup;
  #signal;
  #isEdit;
  /** @type {Map<HTMLElement, Date>} the time of each item that has one */
  #times = new Map();

  /**
   * @param {HTMLElement} root of the composer
   * @param {{canSend: () => boolean, isEdit: () => boolean}} state of the composer
   * @param {AbortSignal} signal
   */
  constructor(root, { canSend, isEdit }, signal) {
    super();
    this.#signal = signal;
    this.#isEdit = isEdit;
    this.#button = find(root, ".send-more");
    this.#menu = find(root, ".send-menu");
    this.#popup = new PopupMenu(this.#menu, (item) => void this.#choose(item), signal);
    const open = () => this.#popup.open(this.#button, () => this.#fill(canSend()));
    this.#button.addEventListener("click", open, { signal });
    // A tap on the button must not take the focus, and with it the keyboard, from the field.
    this.#button.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
  }

  /** An edit is stored at once, and has no such choices. */
  refresh() {
    show(this.#button, !this.#isEdit());
  }

  /** @param {boolean} canSend whether there is a message to send */
  #fill(canSend) {
    for (const item of this.#times.keys()) item.remove();
    this.#times.clear();
    const custom = findOptional(this.#menu, "[data-do=time]");
    for (const { name, at } of custom ? laterTimes() : []) {
      const item = fromTemplate("later-item-template");
      setText(find(item, ".later-name"), phrase(NAMES[name]));
      setText(find(item, ".later-time"), plannedTime(at));
      this.#times.set(item, at);
      custom?.before(item);
    }
    for (const item of findAll(this.#menu, "[data-needs-text]")) show(item, canSend);
  }

  /** @param {HTMLElement} item */
  async #choose(item) {
    const at = this.#times.get(item);
    if (at) return this.emit("later", at);
    const { do: choice } = item.dataset;
    if (choice === "silently") this.emit("silently");
    if (choice === "poll") this.emit("poll");
    if (choice !== "time") return;
    const chosen = await askTime(this.#signal);
    if (chosen) this.emit("later", chosen);
  }
}
