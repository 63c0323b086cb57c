/** What an empty search offers: the searches of before, and examples. */

import { find, findAll, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";

/** @import { RecentSearches } from "../search/recent_searches.js" */

export class SearchStart {
  #root;
  #searches;
  #readable;

  /**
   * @param {HTMLElement} root
   * @param {RecentSearches} searches
   * @param {{leaveUp: () => void, readable: (query: string) => string}} on `leaveUp`: the keys lead back to the field;
   *   `readable`: a query as it is shown
   * @param {AbortSignal} signal
   */
  constructor(root, searches, { leaveUp, readable }, signal) {
    this.#root = root;
    this.#searches = searches;
    this.#readable = readable;
    root.addEventListener("keydown", (event) => this.#pressed(event, leaveUp), { signal });
  }

  /** @param {boolean} isShown */
  show(isShown) {
    show(this.#root, isShown);
    if (isShown) this.draw();
  }

  /** Give the focus to the first of what is offered, if that is shown. */
  focus() {
    if (!this.#root.hidden) find(this.#root, "section:not([hidden]) button").focus();
  }

  /** Draw the searches of before. */
  draw() {
    const texts = this.#searches.all;
    const section = find(this.#root, ".search-recent");
    show(section, texts.length > 0);
    find(section, "ul").replaceChildren(
      ...texts.map((text) => {
        const item = fromTemplate("search-recent-template");
        const open = find(item, ".search-recent-open");
        open.dataset.recent = text;
        setText(find(open, "span"), this.#readable(text));
        const remove = find(item, "[data-remove]");
        remove.removeAttribute("data-remove");
        remove.dataset.removeRecent = text;
        remove.title = phrase("search_forget", { query: text });
        setText(find(remove, ".visually-hidden"), remove.title);
        return item;
      }),
    );
  }

  /** The arrows move between what is offered. @param {KeyboardEvent} event @param {() => void} leaveUp */
  #pressed(event, leaveUp) {
    const buttons = findAll(this.#root, "section:not([hidden]) li button:first-child", HTMLButtonElement);
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (event.key === "Escape" || (event.key === "ArrowUp" && at === 0)) leaveUp();
    else if (event.key === "ArrowDown" && at >= 0) buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
    else if (event.key === "ArrowUp" && at > 0) buttons[at - 1]?.focus();
    else return;
    event.preventDefault();
  }
}
