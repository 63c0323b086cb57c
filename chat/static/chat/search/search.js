/**
 * The search of a tab: what is asked, and what was found so far. It has no DOM, and outlives the views that show it, so
 * that the results stay when the person opens one of them.
 */

import { Emitter } from "../emitter.js";
import { Timer } from "../timer.js";
import { ownZone } from "../zones.js";
import { HitUpdates } from "./hit_updates.js";
import { cut } from "./query_text.js";

/**
 * @import { Addresses, SearchHit, SearchResults, SearchRoom } from "../wire.d.ts"
 *
 * @typedef {"newest" | "best"} Order
 * @typedef {{query: string, order: Order}} Asked
 * @typedef {object} SearchEvents
 * @property {[]} change what was found, or how far the search is, has changed
 * @property {[]} asked the query or the order is another one
 * @property {[]} focus the person wants to go on with the search beside the room
 */

/** How long after the last key the server is asked. */
const ASK_AFTER_MS = 180;
/** A person has one search at a time: one that was given up may still be under way. Then the question is asked again. */
const MOST_TRIES = 6;
/** A longer wait is said to the person. */
const LONGEST_WAIT_S = 2;
/** The server keeps this many hits for a page; a page of the browser holds no more than this. */
const MAX_HITS = 1000;
const JSON_ONLY = { headers: { accept: "application/json" } };

/** @extends {Emitter<SearchEvents>} */
export class Search extends Emitter {
  query = "";
  /** @type {Order} */
  order = "newest";
  /** @type {SearchHit[]} */
  hits = [];
  /** @type {Map<string, SearchRoom>} by slug */
  rooms = new Map();
  /** @type {Pick<SearchResults, "filters" | "problems" | "is_empty" | "next">} the last answer, without its hits */
  answer = { filters: [], problems: [], is_empty: true, next: null };
  /** The query of `answer`. */
  answered = "";
  isAsking = false;
  /** Why the last question has no answer, in the reader's language; "" if it has, or if the server did not answer. */
  failure = "";
  hasFailed = false;
  /** The id of the hit that was opened last. @type {number | null} */
  opened = null;
  /** Whether the results stay beside the rooms that are shown. */
  isBeside = false;
  #urls;
  #fetch;
  #timer = new Timer(() => void this.#ask());
  /** @type {AbortController | null} */
  #asking = null;
  #updates = new HitUpdates(this, (only) => this.#request(only));

  /** @param {Pick<Addresses, "search" | "search_results">} urls @param {typeof fetch} [ask] */
  constructor(urls, ask = (url, options) => fetch(url, options)) {
    super();
    this.#urls = urls;
    this.#fetch = ask;
  }

  /** The address of the search, which can be shared. */
  get address() {
    const { order, query } = this;
    const parameters = new URLSearchParams({ ...(query.trim() && { q: cut(query) }), ...(order !== "newest" && { order }) });
    const text = parameters.toString();
    return text ? `${this.#urls.search}?${text}` : this.#urls.search;
  }

  /** Whether more can be asked for. */
  get hasMore() {
    return this.answer.next !== null && this.hits.length < MAX_HITS;
  }

  /** What a person types. The server is asked when they pause. @param {string} query */
  type(query) {
    if (query === this.query) return;
    this.query = query;
    this.#start(ASK_AFTER_MS);
  }

  /** Search at once. Nothing happens if that was asked already. @param {Partial<Asked>} asked */
  set({ query = this.query, order = this.order }) {
    if (query === this.query && order === this.order) return;
    this.query = query;
    this.order = order;
    this.#start(0);
  }

  /** Ask again, from the first page: something that was found is gone, or the last question failed. */
  refresh() {
    if (this.query.trim()) this.#start(0);
  }

  /** Ask for the next page. */
  async more() {
    if (this.hasMore && !this.isAsking) await this.#ask(this.answer.next);
  }

  /** Forget hits: they are in a room that the person may no longer see, or were deleted. @param {(hit: SearchHit) => boolean} isGone */
  drop(isGone) {
    const left = this.hits.filter((hit) => !isGone(hit));
    if (left.length === this.hits.length) return;
    this.show(left);
  }

  /** The same hits, as they are now. @param {SearchHit[]} hits */
  show(hits) {
    this.hits = hits;
    this.emit("change");
  }

  /** Ask again for hits whose messages were edited: they change, or are no hits any more. @param {(hit: SearchHit) => boolean} isEdited */
  renew(isEdited) {
    this.#updates.renew(isEdited);
  }

  /** Ask again for the first page: messages change in rooms of which this tab gets no events. */
  async recheck() {
    await this.#updates.recheck();
  }

  /** @param {number} ms until the server is asked */
  #start(ms) {
    this.#asking?.abort();
    this.#updates.forget();
    this.opened = null;
    this.isAsking = this.query.trim() !== "";
    this.hasFailed = false;
    this.emit("asked");
    if (!this.isAsking) {
      this.#timer.stop();
      this.#replace({ hits: [], rooms: [], filters: [], problems: [], is_empty: true, next: null });
    } else if (ms) {
      this.#timer.start(ms);
      this.emit("change");
    } else {
      this.#timer.stop();
      void this.#ask();
    }
  }

  /**
   * @param {string | null} [after] the cursor of the next page; without one the first page is asked for
   * @param {number} [tries] how often that was asked before
   */
  async #ask(after = null, tries = 0) {
    const asking = (this.#asking = new AbortController());
    this.isAsking = true;
    this.hasFailed = false;
    this.emit("change");
    try {
      const { response, answer } = await this.#request(after ? { after } : {}, asking.signal);
      if (asking.signal.aborted) return;
      const waitS = response.status === 429 ? Number(response.headers.get("retry-after") ?? Infinity) : Infinity;
      if (waitS <= LONGEST_WAIT_S && tries + 1 < MOST_TRIES) {
        await new Promise((resolve) => setTimeout(resolve, waitS * 1000));
        if (!asking.signal.aborted) await this.#ask(after, tries + 1);
        return;
      }
      this.isAsking = false;
      if (!response.ok) this.#fail(answer.detail ?? "");
      else if (after) this.#append(answer);
      else this.#replace(answer);
    } catch (error) {
      if (asking.signal.aborted) return;
      // Without a connection, or an answer that is no JSON: of a proxy, for example.
      this.isAsking = false;
      this.#fail("");
    }
  }

  /**
   * Ask for what is searched for now.
   * @param {{after?: string, message?: string}} more
   * @param {AbortSignal} [signal]
   */
  async #request(more, signal) {
    const { order, query } = this;
    const parameters = new URLSearchParams({ q: cut(query), order, zone: ownZone(), ...more });
    const response = await this.#fetch(`${this.#urls.search_results}?${parameters}`, { ...JSON_ONLY, ...(signal && { signal }) });
    return { response, answer: await response.json() };
  }

  /** @param {string} detail */
  #fail(detail) {
    this.hasFailed = true;
    this.failure = detail;
    this.emit("change");
  }

  /** @param {SearchResults} results */
  #replace({ hits, rooms, ...answer }) {
    this.hits = hits;
    this.rooms = new Map(rooms.map((room) => [room.slug, room]));
    this.answer = answer;
    this.answered = this.query;
    this.emit("change");
  }

  /** @param {SearchResults} results */
  #append({ hits, rooms, ...answer }) {
    const known = new Set(this.hits.map(({ id }) => id));
    this.hits = [...this.hits, ...hits.filter(({ id }) => !known.has(id))];
    for (const room of rooms) this.rooms.set(room.slug, room);
    this.answer = answer;
    this.emit("change");
  }
}
