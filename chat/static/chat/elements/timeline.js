/**
 * The timeline of a room: an article for each message that is shown, in the order of the room; at its end the messages of
 * the outbox.
 * An article's lines and group depend on its neighbours (rows.js), so a change arranges only the articles near it.
 */

import { find, findAll } from "../dom.js";
import { Places } from "../places.js";
import { isMine } from "../senders.js";
import { shownCopy } from "../shown_copy.js";
import { unsent } from "../unsent.js";
import { messageUrl } from "../urls.js";
import { ArticleMarks } from "./article_marks.js";
import { Attachments } from "./attachments.js";
import { MIN_HEIGHTS, firstMessages } from "./first_messages.js";
import { focusFallback } from "./focus_return.js";
import { LogEnds } from "./log_ends.js";
import { MessageView } from "./message.js";
import { listenToMarkup } from "./message_markup.js";
import { NewLine } from "./new_line.js";
import { Redrawing } from "./redrawing.js";
import { Rows } from "./rows.js";
import { TabStop } from "./tab_stop.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Shown } from "../unsent.js"
 * @import { Message } from "../wire.d.ts"
 * @import { Target } from "./composer_mode.js"
 * @import { Scroller } from "./scroller.js"
 */

/** The room's head and the composer have at least this height. */
const HEAD_AND_FOOT_PX = 110;

export class Timeline {
  #log;
  #ends;
  #context;
  #scroller;
  #rows;
  #view;
  /** @type {Map<number, HTMLElement>} articles by message id */
  #stored = new Map();
  /** @type {Map<string, HTMLElement>} articles of the outbox by client_id */
  #unsent = new Map();
  /** @type {Map<number, Set<HTMLElement>>} articles that answer a message, by its id */
  #quoting = new Map();
  #newLine;
  /** Whether messages that are shown have no article yet. */
  #isPart = false;
  #marks = new ArticleMarks((id) => this.#stored.get(id));
  #redrawing;
  tabStop = new TabStop();

  /** @param {HTMLElement} root of the room @param {RoomContext} context @param {Scroller} scroller */
  constructor(root, context, scroller) {
    this.#log = find(root, ".log");
    this.#ends = new LogEnds(root);
    listenToMarkup(this.#log, context.signal);
    this.#context = context;
    this.#scroller = scroller;
    this.#newLine = new NewLine(context);
    this.#rows = new Rows(this.#log, context.signal);
    const { connection, room, signal, store, threadCopy, uploads, urls } = context;
    // A reply in a thread may quote a message of the room.
    const newestForm = (/** @type {number} */ id) => this.#copy?.newestForm(id) ?? store.copy(room)?.newestForm(id);
    const places = new Places(urls, location.origin);
    const files = new Attachments(urls, connection, signal);
    const addressOf = (/** @type {number} */ id) => messageUrl(urls, room, id);
    this.#view = new MessageView(context, newestForm, addressOf, places, files, threadCopy && "reply");
    const articles = { stored: this.#stored, unsent: this.#unsent, messageOf: (/** @type {Element} */ each) => this.messageOf(each) };
    this.#redrawing = new Redrawing(articles, this.#view, newestForm);
    uploads.on("change", (id) => this.#redrawing.upload(id), { signal });
    store.ownVotes.on("change", (id) => this.#redrawing.votes(id), { signal });
  }

  /** The message that an article shows. @param {Element} article @returns {Shown} */
  messageOf(article) {
    return this.#rows.messageOf(article);
  }

  /** @param {number} id @returns {HTMLElement | undefined} */
  articleOf(id) {
    if (!this.#stored.has(id)) this.complete();
    return this.#stored.get(id);
  }

  get articles() {
    return findAll(this.#log, ".message");
  }

  /** The line above new messages, if it is drawn. */
  get newLineElement() {
    return this.#log.querySelector(".new");
  }

  /**
   * Draw the room for the first time. The caller then scrolls to the place where the reader begins: this asks for no
   * layout, which takes longer than all else.
   * @param {number | undefined} seq where the reader begins; Infinity for the end. Only messages that fill the view there
   *   are drawn, until `complete` is called. Undefined draws all
   * @param {number | null} newAfter as of `markNew`
   */
  begin(seq, newAfter) {
    const messages = this.#shown?.messages ?? [];
    const { density } = document.documentElement.dataset;
    const heights = density === "compact" ? MIN_HEIGHTS.compact : MIN_HEIGHTS.comfortable;
    // To ask for the view's own height would ask for a layout.
    const height = innerHeight - HEAD_AND_FOOT_PX;
    const first = seq === undefined ? messages : firstMessages(messages, seq, height, heights);
    this.#isPart = first.length < messages.length;
    this.#newLine.from = newAfter;
    this.#scroller.isDetached = Boolean(this.#copy?.window);
    this.#place(first);
    this.#drawUnsent();
  }

  /** Draw everything again. */
  reset() {
    this.#isPart = false;
    this.#keep(() => {
      for (const row of this.#log.querySelectorAll(".message, .day, .new")) row.remove();
      for (const map of [this.#stored, this.#unsent, this.#quoting]) map.clear();
      this.#place(this.#shown?.messages ?? []);
      this.#drawUnsent();
    });
  }

  /** Draw what `begin` left out. */
  complete() {
    if (!this.#isPart) return;
    this.#isPart = false;
    this.#keep(() => this.#place((this.#shown?.messages ?? []).filter(({ id }) => !this.#stored.has(id))));
  }

  /** Draw messages that were added or changed. @param {Message[]} messages */
  update(messages) {
    this.complete();
    this.#keep(() => this.#place(messages.filter(({ id }) => this.#shown?.get(id))));
  }

  /** Draw the names and pictures of these people. @param {Set<number>} ids */
  updatePeople(ids) {
    this.#redrawing.people(ids);
  }

  /** Draw the times of the messages: the reader chose another clock. */
  updateTimes() {
    this.#redrawing.times();
  }

  /** Draw which messages the reader has saved. */
  updateMarks() {
    this.#keep(() => this.#redrawing.marks());
  }

  /** Draw which threads have replies that the reader has not seen. */
  updateThreads() {
    this.#redrawing.threads();
  }

  /** Draw the messages of the outbox. */
  updateUnsent() {
    this.complete();
    this.#keep(() => this.#drawUnsent());
  }

  /** Draw the line above the first message of others after `seq`; null removes it. @param {number | null} seq */
  markNew(seq) {
    if (this.#newLine.from === seq) return;
    this.#newLine.from = seq;
    this.#keep(() => this.#drawNewLine());
  }

  /** Mark the message that the composer edits or answers. @param {Target | null} target */
  markTarget(target) {
    this.#marks.setTarget(target);
  }

  /** Mark the message that the reader was led to; null removes the mark. @param {number | null} id */
  mark(id) {
    this.#marks.setLedTo(id);
  }

  /** Remove the articles of messages that are no longer shown. */
  shrink() {
    this.complete();
    const gone = [...this.#stored].filter(([id]) => !this.#shown?.get(id));
    this.#keep(() => {
      for (const [id, article] of gone) this.#remove(article, this.#stored, id);
      const [first] = this.articles;
      if (first) this.#rows.arrange(first, this.#newLine.id);
      this.#drawNewLine();
      this.#drawEnds();
    });
  }

  /** Change what is drawn, without moving what the reader sees. @param {() => void} change */
  #keep(change) {
    const isDetached = Boolean(this.#copy?.window);
    const isOther = isDetached !== this.#scroller.isDetached;
    this.#scroller.isDetached = isDetached;
    this.#scroller.keep(() => {
      change();
      if (isOther) this.#drawUnsent();
    });
  }

  /** What is shown: messages that follow each other in the room's log. */
  get #shown() {
    return this.#copy?.shown;
  }

  get #copy() {
    return shownCopy(this.#context);
  }

  /** @param {readonly Message[]} messages */
  #place(messages) {
    /** @type {Set<HTMLElement | undefined>} */
    const touched = new Set();
    // From the newest to the oldest: the article that follows is then always in its place.
    for (const message of [...messages].sort((a, b) => b.seq - a.seq)) {
      const known = this.#stored.get(message.id);
      const article = known ?? this.#takeUnsent(message) ?? this.#view.make(message);
      if (article.isConnected) this.#view.draw(article, message);
      this.#set(article, message);
      if (!known) this.#insert(article, message, touched);
      touched.add(article).add(this.#rows.next(article));
      for (const other of this.#quoting.get(message.id) ?? []) this.#view.drawQuote(other, this.messageOf(other));
    }
    for (const article of touched) if (article?.isConnected) this.#rows.arrange(article, this.#newLine.id);
    this.#drawNewLine();
    this.#drawEnds();
  }

  /** @param {HTMLElement} article @param {Message} message @param {Set<HTMLElement | undefined>} touched */
  #insert(article, message, touched) {
    const following = this.#shown?.firstAfter(message.seq);
    const next = (following && this.#stored.get(following.id)) ?? this.#unsent.values().next().value;
    if (this.#rows.next(article) !== next || !article.isConnected) {
      if (article.isConnected) touched.add(this.#rows.next(article));
      this.#rows.removeLines(article);
      this.#log.insertBefore(article, next ? this.#rows.topOf(next) : null);
    }
    this.#stored.set(message.id, article);
  }

  /** The article that showed this message while it was in the outbox. @param {Message} message */
  #takeUnsent(message) {
    const article = isMine(message, this.#context.store.you) ? this.#unsent.get(message.client_id) : undefined;
    if (article) this.#unsent.delete(message.client_id);
    return article;
  }

  #drawUnsent() {
    const { outbox, room, store, threadCopy } = this.#context;
    // They are at the end of the room.
    const items = this.#shown?.moreAfter ? [] : outbox.items(room, threadCopy?.rootId ?? null);
    const waiting = new Set(items.map((item) => item.client_id));
    for (const [id, article] of this.#unsent) if (!waiting.has(id)) this.#remove(article, this.#unsent, id);
    for (const item of items) {
      const message = unsent(item, store.you);
      const article = this.#unsent.get(item.client_id) ?? this.#view.make(message);
      if (article.isConnected) this.#view.draw(article, message);
      else this.#log.append(article);
      this.#unsent.set(item.client_id, article);
      this.#set(article, message);
      this.#rows.arrange(article, this.#newLine.id);
    }
    this.#drawEnds();
  }

  /** @param {HTMLElement} article @param {Shown} message */
  #set(article, message) {
    this.#rows.set(article, message);
    this.#marks.draw(article, message.id);
    if (message.reply_to === null) return;
    const quoting = this.#quoting.get(message.reply_to) ?? new Set();
    this.#quoting.set(message.reply_to, quoting.add(article));
  }

  /** @template Key @param {HTMLElement} article @param {Map<Key, HTMLElement>} map @param {Key} key */
  #remove(article, map, key) {
    const next = this.#rows.next(article);
    map.delete(key);
    this.#quoting.get(this.messageOf(article).reply_to ?? NaN)?.delete(article);
    this.#rows.removeLines(article);
    if (article.contains(document.activeElement)) focusFallback()?.focus({ preventScroll: true });
    article.remove();
    if (next) this.#rows.arrange(next, this.#newLine.id);
  }

  #drawNewLine() {
    for (const id of this.#newLine.update()) {
      const article = this.#stored.get(id);
      if (article) this.#rows.arrange(article, this.#newLine.id);
    }
  }

  /** Draw what depends on whether there are older messages, or any. */
  #drawEnds() {
    this.#ends.draw(this.#shown, this.#stored.size + this.#unsent.size === 0);
    this.tabStop.reset(this.#log);
  }
}
