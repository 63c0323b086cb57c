/** The page of the search: the part of a page beside the list of rooms. It is kept while rooms are shown, for the way back. */

import { find, fromTemplate } from "../dom.js";
import { isListBeside } from "./place.js";
import { SearchView } from "./search_view.js";

/**
 * @import { Place } from "../room_view.js"
 * @import { Asked } from "../search/search.js"
 * @import { SearchContext } from "./search_view.js"
 */

export class SearchPage {
  #search;
  #view;
  #scrolled = 0;

  /** @param {HTMLElement | null} root that of the server's page, if this is the page that was loaded @param {SearchContext} context */
  constructor(root, context) {
    this.root = root ?? fromTemplate("search-page-template");
    this.#search = context.search;
    const left = () => history.state?.fromRoom && history.back();
    find(this.root, ".back").addEventListener("click", (event) => {
      if (!history.state?.fromRoom) return;
      event.preventDefault();
      history.back();
    });
    // It lives as long as the tab.
    const { signal } = new AbortController();
    const parts = { left, scrolled: this.root };
    this.#view = new SearchView(find(this.root, ".search-view"), context, parts, signal);
  }

  get title() {
    return this.root.dataset.title ?? "";
  }

  /** It is in the page now. @param {Partial<Asked>} asked @param {{isReturn?: boolean}} [how] `isReturn`: by Back or Forward */
  shown(asked, { isReturn = false } = {}) {
    const isSame = asked.query === this.#search.query;
    this.#search.set(asked);
    if (isSame) void this.#search.recheck();
    this.root.scrollTop = isSame ? this.#scrolled : 0;
    if (isReturn && isSame && this.#view.focusOpened()) return;
    // On a phone the keyboard would cover what was found.
    if (matchMedia("(pointer: fine)").matches || !this.#search.query.trim()) this.#view.focus({ selects: isSame });
    else this.root.focus({ preventScroll: true });
  }

  /** Give the focus to the field, with its text selected. */
  focus() {
    this.#view.focus({ selects: true });
  }

  /** It is about to leave the page. @param {Place} [at] the place in the room that is shown next */
  leave(at) {
    const { hits, opened } = this.#search;
    this.#scrolled = this.root.scrollTop;
    // A link leads to a hit; Forward leads to one that was opened before.
    const isHit = opened !== null && hits.some(({ id }) => id === at);
    this.#search.isBeside = isHit && isListBeside();
  }
}
