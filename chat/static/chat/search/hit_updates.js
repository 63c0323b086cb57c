/** Asks again for hits that may have changed since they were found: edited messages, and the first page. */

import { Timer } from "../timer.js";
import { rechecked } from "./rechecked.js";

/**
 * @import { SearchHit, SearchResults } from "../wire.d.ts"
 * @import { Search } from "./search.js"
 *
 * @typedef {{response: Response, answer: SearchResults}} Answered
 */

/** How long after an edit the hit is asked for again. */
const RENEW_AFTER_MS = 400;
/** How long after the server refused it. */
const AGAIN_MS = 2_000;

export class HitUpdates {
  #search;
  #ask;
  /** The ids of hits whose messages were edited. @type {Set<number>} */
  #edited = new Set();
  #renewing = new Timer(() => void this.#renew());

  /** @param {Search} search @param {(only: {message?: string}) => Promise<Answered>} ask what is searched for now */
  constructor(search, ask) {
    this.#search = search;
    this.#ask = ask;
  }

  /** Ask again for hits whose messages were edited: they change, or are no hits any more. @param {(hit: SearchHit) => boolean} isEdited */
  renew(isEdited) {
    const edited = this.#search.hits.filter(isEdited);
    for (const { id } of edited) this.#edited.add(id);
    if (edited.length) this.#renewing.start(RENEW_AFTER_MS);
  }

  /** Other hits are searched for. */
  forget() {
    this.#edited.clear();
  }

  /** Ask again for the first page: messages change in rooms of which this tab gets no events. */
  async recheck() {
    const search = this.#search;
    if (search.isAsking || !search.hits.length) return;
    const isSame = this.#sameQuestion();
    try {
      const { response, answer } = await this.#ask({});
      if (response.ok && !search.isAsking && isSame()) search.show(rechecked(search.hits, answer, search.order));
    } catch {
      // Without a connection: what was found stays.
    }
  }

  async #renew() {
    const search = this.#search;
    // A person has one search at a time.
    if (search.isAsking) return this.#renewing.start(RENEW_AFTER_MS);
    const [id] = this.#edited;
    if (id === undefined) return;
    this.#edited.delete(id);
    let nextMs = 0;
    const isSame = this.#sameQuestion();
    try {
      const { response, answer } = await this.#ask({ message: String(id) });
      if (!isSame()) return;
      const [found] = response.ok ? answer.hits : [];
      if (response.ok) search.show(search.hits.flatMap((hit) => (hit.id === id ? (found ?? []) : hit)));
      else if (response.status === 429) {
        this.#edited.add(id);
        nextMs = AGAIN_MS;
      }
    } catch {
      // Without a connection: what was found before the edit stays, until the next search.
    }
    if (this.#edited.size) this.#renewing.start(nextMs);
  }

  /** @returns {() => boolean} whether the person has asked nothing else since */
  #sameQuestion() {
    const { order, query } = this.#search;
    return () => query === this.#search.query && order === this.#search.order;
  }
}
