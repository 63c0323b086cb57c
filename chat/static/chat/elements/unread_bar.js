/** The bar over the timeline: how many messages are unread, and since when. It leads to them, and marks all as read. */

import { sinceTime } from "../dates.js";
import { find, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { MAX_COUNT } from "../seen_messages.js";
import { FocusReturn } from "./focus_return.js";

export class UnreadBar {
  #bar;
  #button;
  #jump;
  #focus;

  /**
   * @param {HTMLElement} root of the room
   * @param {object} actions
   * @param {() => Promise<Element | null>} actions.goToFirst scrolls to the first unread message; returns it
   * @param {() => void} actions.markAll
   * @param {() => void} actions.goToEnd
   * @param {AbortSignal} signal
   */
  constructor(root, { goToFirst, markAll, goToEnd }, signal) {
    this.#bar = find(root, ".unread-bar");
    this.#button = find(this.#bar, "[data-to-unread]");
    this.#jump = find(this.#bar, "[data-to-latest]");
    this.#focus = new FocusReturn(this.#bar, signal);
    this.#button.addEventListener("click", () => this.#go(goToFirst), { signal });
    this.#jump.addEventListener("click", () => goToEnd(), { signal });
    find(this.#bar, "[data-mark-read]").addEventListener("click", () => markAll(), { signal });
  }

  get isShown() {
    return !this.#bar.hidden;
  }

  hide() {
    this.#focus.show(false);
  }

  /** @param {{unread: number, mentions: number, since: string | null}} found `since`: the time of the first one, if known */
  show({ unread, mentions, since }) {
    this.#focus.show(true);
    const count = unread < MAX_COUNT ? String(unread) : `${MAX_COUNT}+`;
    const name = unread === 1 ? "unread_one" : "unread_many";
    const short = phrase(name, { count });
    const long = since ? phrase("unread_since", { count, time: sinceTime(new Date(since)) }) : short;
    // The style sheet shows one of them.
    setText(find(this.#bar, ".unread-since"), long);
    setText(find(this.#bar, ".unread-count"), short);
    setText(find(this.#bar, ".unread-mentions"), mentions ? phrase("unread_mentions", { count: mentions }) : "");
  }

  /** Show or hide the button to the end of the room. @param {boolean} isShown */
  showJump(isShown) {
    show(this.#jump, isShown);
  }

  /** @param {() => Promise<Element | null>} goToFirst */
  async #go(goToFirst) {
    if (this.#button.getAttribute("aria-busy") === "true") return;
    const isByKeyboard = this.#button.matches(":focus-visible");
    this.#button.setAttribute("aria-busy", "true");
    const article = await goToFirst().finally(() => this.#button.removeAttribute("aria-busy"));
    // A keyboard user goes on from that message. A click leaves the focus where it was, for example in the composer.
    if (isByKeyboard && article instanceof HTMLElement) article.focus({ preventScroll: true });
  }
}
