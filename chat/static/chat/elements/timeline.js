/**
 * The timeline of a room: an article for each message that is shown, in the order of the room; at its end the messages of
 * the outbox.
 */

import { find, findAll } from "../dom.js";
import { Places } from "../places.js";
import { shownCopy } from "../shown_copy.js";
import { messageUrl } from "../urls.js";
import { ArticleMarks } from "./article_marks.js";
import { Articles } from "./articles.js";
import { Attachments } from "./attachments.js";
import { MIN_HEIGHTS, firstMessages } from "./first_messages.js";
import { LogEnds } from "./log_ends.js";
import { MessageView } from "./message.js";
import { listenToMarkup } from "./message_markup.js";
import { NewLine } from "./new_line.js";
import { Placement } from "./placement.js";
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
  #articles;
  #newLine;
  /** Whether messages that are shown have no article yet. */
  #isPart = false;
  #marks = new ArticleMarks((id) => this.#articles.stored.get(id));
  #placement;
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
    const rows = new Rows(this.#log, context.signal);
    this.#articles = new Articles(rows);
    const { connection, room, signal, store, threadCopy, uploads, urls } = context;
    // A reply in a thread may quote a message of the room.
    const newestForm = (/** @type {number} */ id) => this.#copy?.newestForm(id) ?? store.copy(room)?.newestForm(id);
    const places = new Places(urls, location.origin);
    const files = new Attachments(urls, connection, signal);
    const addressOf = (/** @type {number} */ id) => messageUrl(urls, room, id);
    const view = new MessageView(context, newestForm, addressOf, places, files, threadCopy && "reply");
    const parts = { articles: this.#articles, marks: this.#marks, newLine: this.#newLine, rows, view };
    this.#placement = new Placement(this.#log, context, parts);
    this.#redrawing = new Redrawing(this.#articles, view, newestForm);
    uploads.on("change", (id) => this.#redrawing.upload(id), { signal });
    store.ownVotes.on("change", (id) => this.#redrawing.votes(id), { signal });
  }

  /** The message that an article shows. @param {Element} article @returns {Shown} */
  messageOf(article) {
    return this.#articles.messageOf(article);
  }

  /** @param {number} id @returns {HTMLElement | undefined} */
  articleOf(id) {
    if (!this.#articles.stored.has(id)) this.complete();
    return this.#articles.stored.get(id);
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
    this.#newLine.from = newAfter;
    this.#scroller.isDetached = Boolean(this.#copy?.window);
    this.#placeFirst(seq);
    this.#drawUnsent();
  }

  /** Draw everything again. @param {number} [seq] as of `begin` */
  reset(seq) {
    this.#keep(() => {
      for (const row of this.#log.querySelectorAll(".message, .day, .new")) row.remove();
      this.#articles.clear();
      this.#placeFirst(seq);
      this.#drawUnsent();
    });
  }

  /** Draw what `begin` left out. */
  complete() {
    if (!this.#isPart) return;
    this.#isPart = false;
    this.#keep(() => this.#place((this.#shown?.messages ?? []).filter(({ id }) => !this.#articles.stored.has(id))));
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
    const gone = [...this.#articles.stored].filter(([id]) => !this.#shown?.get(id));
    this.#keep(() => {
      for (const [, article] of gone) this.#placement.remove(article);
      const [first] = this.articles;
      if (first) this.#placement.arrange(first);
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

  /** @param {number | undefined} seq as of `begin` */
  #placeFirst(seq) {
    const messages = this.#shown?.messages ?? [];
    const { density } = document.documentElement.dataset;
    const heights = density === "compact" ? MIN_HEIGHTS.compact : MIN_HEIGHTS.comfortable;
    // To ask for the view's own height would ask for a layout.
    const height = innerHeight - HEAD_AND_FOOT_PX;
    const first = seq === undefined ? messages : firstMessages(messages, seq, height, heights);
    this.#isPart = first.length < messages.length;
    this.#place(first);
  }

  /** @param {readonly Message[]} messages */
  #place(messages) {
    this.#placement.place(messages, this.#shown);
    this.#drawNewLine();
    this.#drawEnds();
  }

  #drawUnsent() {
    this.#placement.placeUnsent(this.#shown);
    this.#drawEnds();
  }

  #drawNewLine() {
    for (const id of this.#newLine.update()) {
      const article = this.#articles.stored.get(id);
      if (article) this.#placement.arrange(article);
    }
  }

  /** Draw what depends on whether there are older messages, or any. */
  #drawEnds() {
    this.#ends.draw(this.#shown, this.#articles.size === 0);
    this.tabStop.reset(this.#log);
  }
}
