/** Draws parts of articles again when something beside their messages has changed. */

import { find } from "../dom.js";
import { drawTime } from "./message_byline.js";

/**
 * @import { Shown } from "../unsent.js"
 * @import { Message, Quote } from "../wire.d.ts"
 * @import { Articles } from "./articles.js"
 * @import { MessageView } from "./message.js"
 */

export class Redrawing {
  #articles;
  #view;
  #newestForm;

  /**
   * @param {Articles} articles
   * @param {MessageView} view
   * @param {(id: number) => Message | Quote | undefined} newestForm of a message that is quoted
   */
  constructor(articles, view, newestForm) {
    this.#articles = articles;
    this.#view = view;
    this.#newestForm = newestForm;
  }

  /** Draw the names and pictures of these people. @param {Set<number>} ids */
  people(ids) {
    const { stored, unsent } = this.#articles;
    for (const article of [...stored.values(), ...unsent.values()]) {
      const message = this.#articles.messageOf(article);
      if (concerns(message, this.#newestForm(message.reply_to ?? NaN), ids)) this.#view.drawPeople(article, message);
    }
  }

  /** Draw the times of the messages. */
  times() {
    const { stored, unsent } = this.#articles;
    for (const article of [...stored.values(), ...unsent.values()]) {
      drawTime(find(article, ".at", HTMLTimeElement), this.#articles.messageOf(article));
    }
  }

  /** Draw which messages the reader has saved. */
  marks() {
    const { stored } = this.#articles;
    for (const article of stored.values()) this.#view.drawMarks(article, this.#articles.messageOf(article));
  }

  /** Draw which threads have replies that the reader has not seen. */
  threads() {
    const { stored } = this.#articles;
    for (const article of stored.values()) {
      const message = this.#articles.messageOf(article);
      if (message.replies) this.#view.drawThread(article, message);
    }
  }

  /** Draw how far the upload of a file is. @param {string} id */
  upload(id) {
    const { unsent } = this.#articles;
    for (const article of unsent.values()) {
      const message = this.#articles.messageOf(article);
      if (message.files?.some((file) => file.id === id)) this.#view.drawFiles(article, message);
    }
  }

  /** Draw what the reader chose in a poll. @param {number} id of its message */
  votes(id) {
    const { stored } = this.#articles;
    const article = stored.get(id);
    if (article) this.#view.drawPoll(article, this.#articles.messageOf(article));
  }
}

/**
 * Whether a message shows one of these people.
 * @param {Shown} message
 * @param {Message | Quote | undefined} quoted
 * @param {Set<number>} ids
 */
function concerns({ author, mentions, reactions, replies }, quoted, ids) {
  if (author && ids.has(author.id)) return true;
  if (quoted?.author && ids.has(quoted.author.id)) return true;
  if ([...(replies?.people ?? []), ...(mentions?.people ?? [])].some((id) => ids.has(id))) return true;
  return reactions.some(({ people }) => people.some(({ id }) => ids.has(id)));
}
