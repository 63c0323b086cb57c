/**
 * Puts the articles of a timeline in their places: messages of the log in the order of the room, then those of the outbox.
 * An article's lines and group depend on its neighbours (rows.js), so a change arranges only the articles near it.
 */

import { isMine } from "../senders.js";
import { unsent } from "../unsent.js";

/**
 * @import { LogSection } from "../log_section.js"
 * @import { RoomContext } from "../room_view.js"
 * @import { Shown } from "../unsent.js"
 * @import { Message } from "../wire.d.ts"
 * @import { ArticleMarks } from "./article_marks.js"
 * @import { Articles } from "./articles.js"
 * @import { MessageView } from "./message.js"
 * @import { NewLine } from "./new_line.js"
 * @import { Rows } from "./rows.js"
 *
 * @typedef {{articles: Articles, marks: ArticleMarks, newLine: NewLine, rows: Rows, view: MessageView}} PlacedParts
 * @typedef {Pick<LogSection, "firstAfter" | "moreAfter">} ShownLog what is shown of the room
 */

export class Placement {
  #log;
  #context;
  #articles;
  #marks;
  #newLine;
  #rows;
  #view;

  /** @param {HTMLElement} log holds the articles @param {RoomContext} context @param {PlacedParts} parts */
  constructor(log, context, { articles, marks, newLine, rows, view }) {
    this.#log = log;
    this.#context = context;
    this.#articles = articles;
    this.#marks = marks;
    this.#newLine = newLine;
    this.#rows = rows;
    this.#view = view;
  }

  /**
   * Draw messages that were added or changed.
   * @param {readonly Message[]} messages
   * @param {ShownLog | undefined} shown
   */
  place(messages, shown) {
    /** @type {Set<HTMLElement | undefined>} */
    const touched = new Set();
    // From the newest to the oldest: the article that follows is then always in its place.
    for (const message of [...messages].sort((a, b) => b.seq - a.seq)) {
      const known = this.#articles.stored.get(message.id);
      const article = known ?? this.#takeUnsent(message) ?? this.#view.make(message);
      if (article.isConnected) this.#view.draw(article, message);
      this.#set(article, message);
      if (!known) this.#insert(article, shown?.firstAfter(message.seq), touched);
      touched.add(article).add(this.#rows.next(article));
      for (const other of this.#articles.quoting(message.id)) {
        this.#view.drawQuote(other, this.#articles.messageOf(other));
      }
    }
    for (const article of touched) if (article?.isConnected) this.arrange(article);
  }

  /** Draw the messages of the outbox. @param {ShownLog | undefined} shown */
  placeUnsent(shown) {
    const { outbox, room, store, threadCopy } = this.#context;
    // They are at the end of the room.
    const items = shown?.moreAfter ? [] : outbox.items(room, threadCopy?.rootId ?? null);
    const waiting = new Set(items.map((item) => item.client_id));
    for (const [id, article] of this.#articles.unsent) if (!waiting.has(id)) this.remove(article);
    for (const item of items) {
      const message = unsent(item, store.you);
      const article = this.#articles.unsent.get(item.client_id) ?? this.#view.make(message);
      if (article.isConnected) this.#view.draw(article, message);
      else this.#log.append(article);
      this.#set(article, message);
      this.arrange(article);
    }
  }

  /** Remove an article. @param {HTMLElement} article */
  remove(article) {
    const next = this.#articles.remove(article);
    if (next) this.arrange(next);
  }

  /** Draw an article's lines and group. @param {HTMLElement} article */
  arrange(article) {
    this.#rows.arrange(article, this.#newLine.id);
  }

  /**
   * @param {HTMLElement} article
   * @param {Message | undefined} following the next message that is shown
   * @param {Set<HTMLElement | undefined>} touched gets the articles to arrange
   */
  #insert(article, following, touched) {
    const { stored, unsent } = this.#articles;
    const next = (following && stored.get(following.id)) ?? unsent.values().next().value;
    if (this.#rows.next(article) === next && article.isConnected) return;
    if (article.isConnected) touched.add(this.#rows.next(article));
    this.#rows.removeLines(article);
    this.#log.insertBefore(article, next ? this.#rows.topOf(next) : null);
  }

  /** The article that showed this message while it was in the outbox. @param {Message} message */
  #takeUnsent(message) {
    return isMine(message, this.#context.store.you) ? this.#articles.takeUnsent(message) : undefined;
  }

  /** @param {HTMLElement} article @param {Shown} message */
  #set(article, message) {
    this.#articles.set(article, message);
    this.#marks.draw(article, message.id);
  }
}
