/** The list of what a search has found: messages that follow each other in one room are under its name. */

import { closest, find, findAll, fromTemplate, setText } from "../dom.js";
import { copyText } from "../clipboard.js";
import { phrase } from "../phrases.js";
import { messageUrl, roomUrl } from "../urls.js";
import { makeHit, showAround } from "./search_hit.js";

/**
 * @import { Search } from "../search/search.js"
 * @import { SearchHit } from "../wire.d.ts"
 * @import { HitContext } from "./search_hit.js"
 * @import { Notice } from "./notice.js"
 *
 * @typedef {HitContext & {notice: Notice, search: Search, nameOfRoom: (slug: string) => string}} ResultsContext
 */

/** @type {Record<string, (at: number, last: number) => number>} */
const STEPS = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_at, last) => last,
};

export class SearchResults {
  #root;
  #context;
  #leaveUp;
  /** @type {SearchHit[]} */
  #drawn = [];

  /**
   * @param {HTMLElement} root
   * @param {ResultsContext} context
   * @param {{leaveUp: () => void, opened: (hit: SearchHit) => void}} on `leaveUp`: the keys lead back to the field;
   *   `opened`: a hit is opened in this tab
   * @param {AbortSignal} signal
   */
  constructor(root, context, { leaveUp, opened }, signal) {
    this.#root = root;
    this.#context = context;
    this.#leaveUp = leaveUp;
    root.addEventListener("click", (event) => {
      const hit = this.#hitOf(closest(event, ".search-hit"));
      if (!hit) return;
      const isPlain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
      if (closest(event, ".search-around-button")) this.#toggleAround(hit);
      else if (closest(event, ".search-copy-button")) void this.#copyLink(hit);
      else if (closest(event, ".search-hit-link") && isPlain) opened(hit);
    }, { signal });
    root.addEventListener("keydown", (event) => this.#pressed(event), { signal });
  }

  /** The links of the hits. */
  get #links() {
    return findAll(this.#root, ".search-hit-link", HTMLAnchorElement);
  }

  get #openedLink() {
    return this.#links.find((link) => link.hasAttribute("aria-current"));
  }

  /** Draw what is found: what was added to the end of the list, hits that changed or are gone, or all of it. */
  draw() {
    const { hits } = this.#context.search;
    const now = new Map(hits.map((hit) => [hit.id, hit]));
    const kept = this.#drawn.filter(({ id }) => now.has(id));
    const isSameList = kept.every(({ id }, at) => id === hits[at]?.id) && (kept.length > 0 || hits.length === 0);
    if (isSameList) for (const hit of this.#drawn) this.#drawAgain(hit, now.get(hit.id));
    else this.#root.replaceChildren();
    const added = isSameList ? hits.slice(kept.length) : hits;
    this.#drawn = [...hits];
    for (const hit of added) this.#listOf(hit.room).append(makeHit(hit, this.#context));
    this.drawOpened();
  }

  /** Mark the hit that was opened last. */
  drawOpened() {
    const { opened } = this.#context.search;
    for (const link of this.#links) {
      const isOpened = link.closest("li")?.dataset.hit === String(opened);
      if (isOpened) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** Scroll the hit that was opened last into view. */
  reveal() {
    this.#openedLink?.scrollIntoView({ block: "center" });
  }

  /** Give the focus to the hit that was opened last, and scroll no further than needed. @returns {boolean} false without it */
  focusOpened() {
    // It may have been opened from the results beside a room.
    this.drawOpened();
    const link = this.#openedLink;
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: "nearest" });
    return link !== undefined;
  }

  /** Give the focus to the hit that was opened last, or to the first one. @returns {boolean} false without any */
  focus() {
    const link = this.#openedLink ?? this.#links[0];
    link?.focus();
    return link !== undefined;
  }

  /** The list of the last room, if it is this one; or a new one. @param {string} slug */
  #listOf(slug) {
    const last = /** @type {HTMLElement | null} */ (this.#root.lastElementChild);
    if (last?.dataset.room === slug) return find(last, "ul");
    const { nameOfRoom, search, urls } = this.#context;
    const section = fromTemplate("search-room-template");
    section.dataset.room = slug;
    section.dataset.kind = search.rooms.get(slug)?.kind ?? "public";
    const link = find(section, "a", HTMLAnchorElement);
    link.href = roomUrl(urls, slug);
    setText(find(link, "span"), nameOfRoom(slug));
    this.#root.append(section);
    return find(section, "ul");
  }

  /** @param {SearchHit} drawn @param {SearchHit} [hit] as it is now; without one it is gone */
  #drawAgain(drawn, hit) {
    if (drawn === hit) return;
    const item = find(this.#root, `[data-hit="${drawn.id}"]`);
    const hadFocus = item.contains(document.activeElement);
    if (hit) {
      const made = makeHit(hit, this.#context);
      item.replaceWith(made);
      if (hadFocus) find(made, ".search-hit-link").focus();
      return;
    }
    const next = item.nextElementSibling ?? item.previousElementSibling;
    if (hadFocus && next) find(/** @type {HTMLElement} */ (next), ".search-hit-link").focus();
    else if (hadFocus) this.#leaveUp();
    if (next) item.remove();
    else item.closest("section")?.remove();
  }

  /** @param {SearchHit} hit */
  async #copyLink({ id, room }) {
    const { notice, urls } = this.#context;
    if (await copyText(new URL(messageUrl(urls, room, id), location.href).href)) notice.inform(phrase("link_copied"));
    else notice.show(phrase("not_copied"));
  }

  /** @param {HTMLElement | null} item */
  #hitOf(item) {
    return this.#drawn.find(({ id }) => String(id) === item?.dataset.hit);
  }

  /** @param {SearchHit} hit @param {boolean} [isShown] */
  #toggleAround(hit, isShown) {
    const item = find(this.#root, `[data-hit="${hit.id}"]`);
    const isExpanded = find(item, ".search-around-button").getAttribute("aria-expanded") === "true";
    void showAround(item, hit, this.#context, isShown ?? !isExpanded);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const links = this.#links;
    const item = closest(event, ".search-hit");
    const at = links.findIndex((link) => link.closest(".search-hit") === item);
    const step = STEPS[event.key];
    const hit = this.#hitOf(item);
    if (event.key === "Escape") this.#leaveUp();
    else if (step && at >= 0) this.#goTo(links, step(at, links.length - 1));
    else if (hit && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      const isForward = (event.key === "ArrowRight") === (document.documentElement.dir !== "rtl");
      this.#toggleAround(hit, isForward);
    } else return;
    event.preventDefault();
  }

  /** @param {HTMLAnchorElement[]} links @param {number} at */
  #goTo(links, at) {
    if (at < 0) return this.#leaveUp();
    links[at]?.focus();
  }
}
