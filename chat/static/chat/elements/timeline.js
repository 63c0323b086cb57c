/**
 * The timeline of one room: an article per message, in the order of the room, then what is still in the outbox.
 * How an article is dressed depends on its neighbours (see rows.js), so only those of a change are dressed again.
 */

import { show } from "../dom.js";
import { isMine } from "../protocol.js";
import { MessageView, unsent } from "./message.js";
import { Rows } from "./rows.js";

export class Timeline {
  #log = document.getElementById("log");
  #stored = new Map();
  #unsent = new Map();
  #rows = new Rows();
  #quoting = new Map();
  #newFrom = null;
  #newId = null;
  #stop = null;

  /**
   * @param {object} parts
   * @param {import("../store.js").Store} parts.store
   * @param {import("../outbox.js").Outbox} parts.outbox
   * @param {import("./scroller.js").Scroller} parts.scroller
   * @param {string} parts.room a slug
   */
  constructor({ store, outbox, scroller, room }) {
    Object.assign(this, { store, outbox, scroller, room });
    this.view = new MessageView(store, (id) => store.copy(room)?.quoted(id));
    this.#eachMidnight();
    document.addEventListener("visibilitychange", () => this.#rows.nameDays());
  }

  /** The message that an article shows; `id` is null for one of the outbox. */
  messageOf(article) {
    return this.#rows.messageOf(article);
  }

  /** @param {number} id @returns {HTMLElement|undefined} */
  articleOf(id) {
    return this.#stored.get(id);
  }

  get articles() {
    return this.#log.querySelectorAll(".message");
  }

  /** The line above what is new, if it is drawn. */
  get newLine() {
    return this.#log.querySelector(".new");
  }

  /** Make an article the one that Tab comes to. @param {HTMLElement|null} article */
  setStop(article) {
    if (!article || article === this.#stop) return;
    if (this.#stop) this.#stop.tabIndex = -1;
    this.#stop = article;
    article.tabIndex = 0;
  }

  /** Draw everything anew. */
  reset() {
    this.scroller.keep(() => {
      for (const row of this.#log.querySelectorAll(".message, .day, .new")) row.remove();
      for (const map of [this.#stored, this.#unsent, this.#quoting]) map.clear();
      const messages = this.store.copy(this.room)?.messages ?? [];
      this.#place(messages.map((message) => ({ message })));
      this.#drawUnsent();
    });
  }

  /** Draw what changed. @param {{message: object}[]} changed */
  update(changed) {
    this.scroller.keep(() => this.#place(changed));
  }

  /** Draw the outbox's part. */
  updateUnsent() {
    this.scroller.keep(() => this.#drawUnsent());
  }

  /** Put the line above the first message of others after `seq`; with null take it away. */
  markNew(seq) {
    this.#newFrom = seq;
    this.scroller.keep(() => this.#dressNew());
  }

  /** Let go of articles whose messages the store trimmed. */
  trim() {
    const copy = this.store.copy(this.room);
    const gone = [...this.#stored].filter(([id]) => !copy.get(id));
    this.scroller.keep(() => {
      for (const [id, article] of gone) this.#remove(article, this.#stored, id);
      const first = this.#log.querySelector(".message");
      if (first) this.#dress(first);
      this.#drawEnds();
    });
  }

  #place(changed) {
    const touched = new Set();
    // From the newest back: the one that follows is then always in its place.
    for (const { message } of [...changed].sort((a, b) => b.message.seq - a.message.seq)) {
      const known = this.#stored.get(message.id);
      const article = known ?? this.#adopt(message) ?? this.view.make(message);
      if (article.isConnected) this.view.draw(article, message);
      this.#note(article, message);
      if (!known) {
        const following = this.store.copy(this.room).following(message.seq);
        const next = this.#stored.get(following?.id) ?? this.#firstUnsent();
        if (this.#rows.next(article) !== next || !article.isConnected) {
          if (article.isConnected) touched.add(this.#rows.next(article));
          this.#rows.undress(article);
          this.#log.insertBefore(article, next ? this.#rows.head(next) : null);
        }
        this.#stored.set(message.id, article);
      }
      touched.add(article).add(this.#rows.next(article));
      for (const quoting of this.#quoting.get(message.id) ?? []) {
        this.view.drawQuote(quoting, this.messageOf(quoting));
      }
    }
    for (const article of touched) if (article?.isConnected) this.#dress(article);
    this.#dressNew();
    this.#drawEnds();
  }

  /** The article that showed this message while it was in the outbox. */
  #adopt(message) {
    const article = isMine(message, this.store.you) ? this.#unsent.get(message.client_id) : undefined;
    if (article) this.#unsent.delete(message.client_id);
    return article;
  }

  #drawUnsent() {
    const items = this.outbox.items(this.room);
    const waiting = new Set(items.map((item) => item.client_id));
    for (const [id, article] of this.#unsent) if (!waiting.has(id)) this.#remove(article, this.#unsent, id);
    for (const item of items) {
      const message = unsent(item, this.store.you);
      const known = this.#unsent.get(item.client_id);
      const article = known ?? this.view.make(message);
      if (known) this.view.draw(article, message);
      else this.#log.append(article);
      this.#unsent.set(item.client_id, article);
      this.#note(article, message);
      this.#dress(article);
    }
    this.#drawEnds();
  }

  #note(article, message) {
    this.#rows.note(article, message);
    if (message.reply_to === null) return;
    const quoting = this.#quoting.get(message.reply_to) ?? new Set();
    this.#quoting.set(message.reply_to, quoting.add(article));
  }

  #dress(article) {
    this.#rows.dress(article, this.#newId);
  }

  #remove(article, map, key) {
    const next = this.#rows.next(article);
    map.delete(key);
    this.#quoting.get(this.messageOf(article).reply_to)?.delete(article);
    this.#rows.undress(article);
    if (article.contains(document.activeElement)) document.getElementById("composer").focus();
    article.remove();
    if (next) this.#dress(next);
  }

  #dressNew() {
    const former = this.#stored.get(this.#newId);
    this.#newId = this.#findNew();
    const now = this.#stored.get(this.#newId);
    if (former === now) return;
    for (const article of [former, now]) if (article) this.#dress(article);
  }

  #findNew() {
    const copy = this.store.copy(this.room);
    if (this.#newFrom === null || !copy || (copy.more && copy.floor > this.#newFrom + 1)) return null;
    let message = copy.following(this.#newFrom);
    while (message && isMine(message, this.store.you)) message = copy.following(message.seq);
    return message?.id ?? null;
  }

  #drawEnds() {
    const copy = this.store.copy(this.room);
    show(document.getElementById("older"), Boolean(copy?.more));
    show(document.getElementById("beginning"), Boolean(copy && !copy.more));
    const empty = this.#stored.size + this.#unsent.size === 0;
    this.#log.classList.toggle("empty", empty);
    // The way in for Tab: the newest message, unless another has the focus.
    document.getElementById("timeline").tabIndex = empty ? 0 : -1;
    if (!this.#stop?.contains(document.activeElement) || !this.#stop.isConnected) this.setStop(this.#log.querySelector(".message:last-child"));
  }

  #eachMidnight() {
    const now = new Date();
    const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
    setTimeout(() => {
      this.#rows.nameDays();
      this.#eachMidnight();
    }, midnight - now + 1_000);
  }

  #firstUnsent() {
    return this.#unsent.values().next().value;
  }
}
