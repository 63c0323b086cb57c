/**
 * The search as people see it: the field, filters as chips, the order, and what was found. The page of the search has one,
 * and the panel beside a room; both show the one search of the tab.
 */

import { byId, closest, find, findAll, setText, show, showModal } from "../dom.js";
import { phrase } from "../phrases.js";
import { anotherQuery, tipsFor } from "../search/nothing_found.js";
import { withoutPart } from "../search/query_text.js";
import { readableQuery, roomLabel } from "../search/room_labels.js";
import { drawChips } from "./search_chips.js";
import { SearchField } from "./search_field.js";
import { SearchResults } from "./search_results.js";
import { SearchStart } from "./search_start.js";

/**
 * @import { RecentSearches } from "../search/recent_searches.js"
 * @import { Order, Search } from "../search/search.js"
 * @import { SearchHit } from "../wire.d.ts"
 * @import { HitContext } from "./search_hit.js"
 * @import { Notice } from "./notice.js"
 *
 * @typedef {HitContext & {notice: Notice, search: Search, searches: RecentSearches}} SearchContext
 *
 * @typedef {object} SearchParts
 * @property {() => void} [opened] a hit is opened in this tab
 * @property {() => void} left the person wants to go back to where they were
 * @property {HTMLElement} scrolled what scrolls the results
 */

/** The next page is asked for when its place is this near. */
const NEAR = "600px";
/** What is wrong in a word that is being typed is said only when it is finished. */
const UNFINISHED = new Set(["missing_value", "unclosed_quote", "unknown_value", "unknown_date"]);

export class SearchView {
  #root;
  #context;
  #field;
  #results;
  #start;
  #more;
  /** The rooms of hits that were in the reader's list. */
  #listed = new Set();

  /** @param {HTMLElement} root @param {SearchContext} context @param {SearchParts} parts @param {AbortSignal} signal */
  constructor(root, context, { opened, left, scrolled }, signal) {
    const { search, store } = context;
    this.#root = root;
    this.#context = context;
    this.#field = new SearchField(root, context, signal);
    this.#results = new SearchResults(
      find(root, ".search-results"),
      { ...context, nameOfRoom: (slug) => roomLabel(slug, context) },
      {
        leaveUp: () => this.focus(),
        opened: (hit) => {
          context.searches.add(search.query);
          search.opened = hit.id;
          this.#results.drawOpened();
          opened?.();
        },
      },
      signal,
    );
    this.#field.on("typed", (text) => search.type(text));
    this.#field.on("entered", () => this.#entered());
    this.#field.on("down", () => this.#goDown());
    this.#field.on("left", left);
    root.addEventListener("click", (event) => this.#clicked(event), { signal });
    const start = { leaveUp: () => this.focus(), readable: (/** @type {string} */ text) => readableQuery(text, context) };
    this.#start = new SearchStart(find(root, ".search-start"), context.searches, start, signal);
    search.on("asked", () => this.#drawAsked(), { signal });
    search.on("change", () => this.#draw(), { signal });
    store.on("removed", ({ room }) => search.drop((hit) => hit.room === room), { signal });
    // After a time without a connection: a room may be gone from the list.
    store.on("you", () => search.drop(({ room }) => this.#listed.has(room) && !store.rooms.has(room)), { signal });
    // Also when a room is opened: its messages may have changed since they were found.
    store.on("messages", ({ room }) => {
      const copy = store.copy(room);
      const nowOf = (/** @type {SearchHit} */ hit) => (hit.room === room ? copy?.get(hit.id) : undefined);
      search.drop((hit) => nowOf(hit)?.deleted === true);
      search.renew((hit) => (nowOf(hit)?.edited_at ?? hit.edited_at) !== hit.edited_at);
    }, { signal });
    window.addEventListener("focus", () => root.isConnected && void search.recheck(), { signal });
    this.#more = find(root, ".search-more");
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && void search.more(), {
      root: scrolled,
      rootMargin: `0px 0px ${NEAR} 0px`,
    });
    observer.observe(this.#more);
    signal.addEventListener("abort", () => observer.disconnect());
    this.#drawAsked();
    this.#draw();
  }

  /** @param {{selects?: boolean}} [options] */
  focus(options) {
    this.#field.focus(options);
  }

  /** Scroll to the hit that was opened last. */
  reveal() {
    this.#results.reveal();
  }

  /** Give the focus to the hit that was opened last. @returns {boolean} false without it */
  focusOpened() {
    return this.#results.focusOpened();
  }

  #entered() {
    const { search, searches } = this.#context;
    searches.add(search.query);
    search.set({ query: this.#field.text });
  }

  #goDown() {
    if (!this.#results.focus()) this.#start.focus();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const { search, searches } = this.#context;
    const data = closest(event, "button")?.dataset ?? {};
    if (data.searchHelp !== undefined) return showModal(byId("search-help", HTMLDialogElement));
    if (data.add) return this.#field.add(`${data.add}:`);
    if (data.example) return this.#field.add(data.example);
    if (data.order) return search.set({ order: /** @type {Order} */ (data.order) });
    if (data.again !== undefined) return search.refresh();
    if (data.change) return this.#setQuery(anotherQuery(data.change, search));
    if (data.recent !== undefined) {
      search.set({ query: data.recent });
      return this.focus();
    }
    if (data.removeRecent !== undefined) {
      searches.remove(data.removeRecent);
      this.#start.draw();
      return this.focus();
    }
    const filter = data.remove === undefined ? undefined : search.answer.filters[Number(data.remove)];
    if (filter) this.#setQuery(withoutPart(search.answered, filter.start, filter.end));
  }

  /** @param {string} query */
  #setQuery(query) {
    this.#context.search.set({ query });
    this.focus();
  }

  #drawAsked() {
    const { order, query } = this.#context.search;
    this.#field.text = query;
    for (const button of findAll(this.#root, "[data-order]")) {
      button.setAttribute("aria-pressed", String(button.dataset.order === order));
    }
  }

  #draw() {
    const { search, store } = this.#context;
    const { answer, hasFailed, hits, isAsking, query } = search;
    const isStart = query.trim() === "";
    const isNone = !isStart && !isAsking && !hasFailed && !answer.is_empty && hits.length === 0;
    this.#root.classList.toggle("is-asking", isAsking);
    this.#root.classList.toggle("is-start", isStart);
    drawChips(find(this.#root, ".search-chips"), { search, store, nameOfRoom: (slug) => roomLabel(slug, this.#context) });
    this.#drawProblems();
    this.#results.draw();
    for (const { room } of hits) if (store.rooms.has(room)) this.#listed.add(room);
    this.#start.show(isStart);
    show(find(this.#root, ".search-none"), isNone);
    if (isNone) this.#drawNone();
    show(find(this.#root, ".search-failed"), hasFailed);
    setText(find(this.#root, ".search-failed p"), search.failure || phrase("search_failed"));
    find(this.#root, ".search-as-page", HTMLAnchorElement).href = search.address;
    show(this.#more, search.hasMore && !hasFailed);
    if (!isAsking) setText(find(this.#root, ".search-count"), this.#countText(isNone));
  }

  /** @param {boolean} isNone */
  #countText(isNone) {
    const { answer, hasFailed, hasMore, hits, query } = this.#context.search;
    if (!query.trim() || hasFailed || answer.is_empty) return "";
    if (isNone) return phrase("search_none");
    if (hasMore) return phrase("search_first", { count: hits.length });
    return hits.length === 1 ? phrase("search_one") : phrase("search_many", { count: hits.length });
  }

  #drawProblems() {
    const { answer, answered, query } = this.#context.search;
    const length = [...answered].length;
    const isTyping = this.#field.hasFocus && !/\s$/.test(answered);
    const shown = answer.problems.filter(({ code, end }) => !(UNFINISHED.has(code) && isTyping && end === length));
    const list = find(this.#root, ".search-problems");
    const items = shown.map(({ detail }) => Object.assign(document.createElement("li"), { textContent: detail }));
    list.replaceChildren(...items);
    show(list, items.length > 0 && query === answered);
  }

  #drawNone() {
    const { search } = this.#context;
    setText(find(this.#root, ".search-none-title"), phrase("search_none_for", { query: search.query.trim() }));
    for (const [name, isShown] of Object.entries(tipsFor(search))) show(find(this.#root, `[data-tip="${name}"]`), isShown);
  }
}
