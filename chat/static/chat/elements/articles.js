/** Which article of a timeline shows a message of the log or of the outbox, and which articles quote a message. */

import { focusFallback } from "./focus_return.js";

/**
 * @import { Shown } from "../unsent.js"
 * @import { Message } from "../wire.d.ts"
 * @import { Rows } from "./rows.js"
 */

export class Articles {
  /** @type {Map<number, HTMLElement>} by message id */
  stored = new Map();
  /** @type {Map<string, HTMLElement>} those of the outbox, by client_id */
  unsent = new Map();
  /** @type {Map<number, Set<HTMLElement>>} those that answer a message, by its id */
  #quoting = new Map();
  #rows;

  /** @param {Rows} rows */
  constructor(rows) {
    this.#rows = rows;
  }

  get size() {
    return this.stored.size + this.unsent.size;
  }

  /** The message that an article shows. @param {Element} article @returns {Shown} */
  messageOf(article) {
    return this.#rows.messageOf(article);
  }

  /** The articles that answer a message. @param {number} id @returns {Iterable<HTMLElement>} */
  quoting(id) {
    return this.#quoting.get(id) ?? [];
  }

  /** An article shows this message now. @param {HTMLElement} article @param {Shown} message */
  set(article, message) {
    this.#rows.set(article, message);
    if (message.id === null) this.unsent.set(message.client_id, article);
    else this.stored.set(message.id, article);
    if (message.reply_to === null) return;
    const quoting = this.#quoting.get(message.reply_to) ?? new Set();
    this.#quoting.set(message.reply_to, quoting.add(article));
  }

  /** Take the article that showed a message of the reader's own while it was in the outbox. @param {Message} message */
  takeUnsent({ client_id: id }) {
    const article = this.unsent.get(id);
    this.unsent.delete(id);
    return article;
  }

  /**
   * Remove an article, and the lines above it.
   * @param {HTMLElement} article
   * @returns {HTMLElement | undefined} the next one: its lines and group may change
   */
  remove(article) {
    const message = this.messageOf(article);
    const next = this.#rows.next(article);
    if (message.id === null) this.unsent.delete(message.client_id);
    else this.stored.delete(message.id);
    this.#quoting.get(message.reply_to ?? NaN)?.delete(article);
    this.#rows.removeLines(article);
    if (article.contains(document.activeElement)) focusFallback()?.focus({ preventScroll: true });
    article.remove();
    return next;
  }

  /** Forget all articles: they have been removed. */
  clear() {
    for (const map of [this.stored, this.unsent, this.#quoting]) map.clear();
  }
}
