/** The emoji of the picker, in sections: one stop of Tab, with the arrows, Home and End. */

import { customName } from "../custom_emoji.js";
import { closest, find, findAll, fromTemplate, setText } from "../dom.js";
import { drawEmoji } from "./emoji_sign.js";

/**
 * @import { Emoji } from "../emoji/emoji_list.js"
 * @import { Addresses } from "../wire.d.ts"
 *
 * @typedef {{emoji: string, label: string, original?: Emoji}} Sign what a button shows and is called
 */

export class EmojiGrid {
  #body;
  #urls;

  /** @param {HTMLElement} body @param {Addresses} urls */
  constructor(body, urls) {
    this.#body = body;
    this.#urls = urls;
  }

  /** The first emoji. @returns {HTMLElement | undefined} */
  get first() {
    return this.#buttons[0];
  }

  get #buttons() {
    return findAll(this.#body, "button");
  }

  /** @param {EventTarget | null} target */
  contains(target) {
    return target instanceof Node && this.#body.contains(target);
  }

  /** Draw these sections in place of the present ones. @param {HTMLElement[]} sections of `section` */
  draw(sections) {
    this.#body.replaceChildren(...sections);
    const { first } = this;
    if (first) first.tabIndex = 0;
  }

  /** @param {string} group @param {string} title @param {Sign[]} signs */
  section(group, title, signs) {
    const section = fromTemplate("emoji-group-template");
    section.dataset.group = group;
    setText(find(section, "h3"), title);
    find(section, ".emoji-grid").append(...signs.map((sign) => this.#button(sign)));
    return section;
  }

  /** @param {Sign} sign */
  #button({ emoji, label }) {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.dataset.emoji = emoji;
    button.title = label;
    if (customName(emoji)) drawEmoji(button, emoji, this.#urls);
    else button.textContent = emoji;
    button.setAttribute("aria-label", label);
    return button;
  }

  /** Draw again what `draw` draws, without moving the view. @param {() => void} draw */
  keepPlace(draw) {
    const { scrollTop } = this.#body;
    draw();
    this.#body.scrollTop = scrollTop;
  }

  toTop() {
    this.#body.scrollTop = 0;
  }

  /** @param {string} group */
  goTo(group) {
    const section = find(this.#body, `[data-group="${group}"]`);
    this.#body.scrollTop = section.offsetTop - this.#body.offsetTop;
    this.#setStop(find(section, "button"));
  }

  focusFirst() {
    const { first } = this;
    if (first) this.#setStop(first, true);
  }

  /** The button under the mouse or with the focus. @param {Event} event @returns {HTMLElement | null} */
  buttonOf(event) {
    return closest(event, "[data-emoji]");
  }

  /**
   * A key was pressed on an emoji.
   * @param {KeyboardEvent} event
   * @param {number | undefined} step to the emoji beside it
   * @returns {boolean} whether the key leaves the grid for the search
   */
  pressed(event, step) {
    const buttons = this.#buttons;
    const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    const ends = { Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const beside = inNextRow(buttons, at, event.key === "ArrowDown" ? 1 : -1);
      if (beside) this.#setStop(beside, true);
      return !beside && event.key === "ArrowUp";
    }
    if (step === undefined && ends === undefined) return event.key.length === 1 && event.key !== " ";
    event.preventDefault();
    const next = step === undefined ? buttons[ends ?? -1] : buttons[at + step];
    if (next) this.#setStop(next, true);
    return false;
  }

  /** @param {HTMLElement} button @param {boolean} [isFocused] */
  #setStop(button, isFocused = false) {
    for (const other of findAll(this.#body, "button[tabindex='0']")) other.tabIndex = -1;
    button.tabIndex = 0;
    if (isFocused) button.focus();
  }
}

/**
 * The button of the row above or below that is nearest, also across sections.
 * @param {HTMLElement[]} buttons in the order of the page
 * @param {number} at the place of the present one
 * @param {1 | -1} step
 */
function inNextRow(buttons, at, step) {
  const present = buttons[at];
  if (!present) return undefined;
  let next = at + step;
  while (buttons[next]?.offsetTop === present.offsetTop) next += step;
  const row = buttons[next]?.offsetTop;
  /** @type {HTMLElement | undefined} */
  let best;
  for (let each = buttons[next]; each && each.offsetTop === row; each = buttons[(next += step)]) {
    const isNearer = !best || Math.abs(each.offsetLeft - present.offsetLeft) < Math.abs(best.offsetLeft - present.offsetLeft);
    if (isNearer) best = each;
  }
  return best;
}
