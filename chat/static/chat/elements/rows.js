/**
 * What an article of the timeline gets from its neighbours: the line with the day above it, the line above the first
 * new message, and whether it continues messages of the same sender.
 */

import { dayKey, dayName } from "../dates.js";
import { find, fromTemplate, setText } from "../dom.js";
import { personKey, senderOf } from "../senders.js";
import { Timer } from "../timer.js";
import { actionIn } from "../writing/slash.js";

/**
 * @import { Shown } from "../unsent.js"
 * @typedef {{message: Shown, at: Date, day: number}} Facts what an article shows; `day` is a `dayKey`
 */

/** Messages of one sender within this time form a group. */
const GROUP_MS = 5 * 60 * 1000;
const LINES = ".day, .new";

export class Rows {
  #log;
  #midnight;
  /** @type {WeakMap<Element, Facts>} by article */
  #facts = new WeakMap();

  /** @param {HTMLElement} log holds the articles @param {AbortSignal} signal */
  constructor(log, signal) {
    this.#log = log;
    this.#midnight = new Timer(() => this.#atMidnight(), signal);
    this.#midnight.start(untilMidnightMs());
    // The timer is late if the computer was suspended at midnight.
    document.addEventListener("visibilitychange", () => this.#drawDays(), { signal });
  }

  /** Set which message an article shows. @param {Element} article @param {Shown} message */
  set(article, message) {
    const at = new Date(message.at);
    this.#facts.set(article, { message, at, day: dayKey(at) });
  }

  /** @param {Element} article one that was given to `set` @returns {Shown} */
  messageOf(article) {
    return this.#factsOf(article).message;
  }

  /**
   * Draw an article's lines and group.
   * @param {HTMLElement} article
   * @param {number | null} newId of the first new message
   */
  arrange(article, newId) {
    const { message, at, day } = this.#factsOf(article);
    this.removeLines(article);
    const previous = this.#previous(article);
    const before = previous && this.#factsOf(previous);
    const isNewDay = before?.day !== day;
    const isNew = message.id !== null && message.id === newId;
    const follows =
      before && !isNewDay && !isNew && message.reply_to === null && !isAction(before.message) && !isApart(before.message, message) && at.getTime() - before.at.getTime() < GROUP_MS;
    const isContinued = Boolean(follows && sender(before.message) === sender(message));
    article.classList.toggle("follows", isContinued || isAction(message));
    if (isNewDay) article.before(dayLine(at));
    if (isNew) article.before(fromTemplate("new-template"));
  }

  /** Remove the lines above an article. @param {Element} article */
  removeLines(article) {
    while (article.previousElementSibling?.matches(LINES)) article.previousElementSibling.remove();
  }

  /** The first of an article and the lines above it. @param {Element} article @returns {Element} */
  topOf(article) {
    let top = article;
    while (top.previousElementSibling?.matches(LINES)) top = top.previousElementSibling;
    return top;
  }

  /** The article after this one. @param {Element} article @returns {HTMLElement | undefined} */
  next(article) {
    let row = article.nextElementSibling;
    while (row && !row.matches(".message")) row = row.nextElementSibling;
    return /** @type {HTMLElement | undefined} */ (row ?? undefined);
  }

  /** @param {Element} article */
  #previous(article) {
    let row = article.previousElementSibling;
    while (row && !row.matches(".message")) row = row.previousElementSibling;
    return row;
  }

  /** @param {Element} article */
  #factsOf(article) {
    return /** @type {Facts} */ (this.#facts.get(article));
  }

  #atMidnight() {
    this.#drawDays();
    this.#midnight.start(untilMidnightMs());
  }

  /** At midnight "Today" becomes "Yesterday". */
  #drawDays() {
    for (const line of this.#log.querySelectorAll(".day")) {
      const article = this.next(line);
      if (article) setText(find(line, "span"), dayName(this.#factsOf(article).at));
    }
  }
}

function untilMidnightMs() {
  const now = new Date();
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  return midnight.getTime() - now.getTime() + 1_000;
}

/** Whether a message is a reply in a thread, and the one before it is none in the same. @param {Shown} before @param {Shown} message */
function isApart(before, message) {
  return message.thread !== null && before.thread !== message.thread;
}

/** Whether a message is about what its author does: it has the name in its text, and begins no group. @param {Shown} message */
function isAction({ html, text }) {
  return html === null ? actionIn(text) !== null : html.startsWith('<p class="action">');
}

/** @param {Shown} message */
function sender(message) {
  return personKey(senderOf(message));
}

/** @param {Date} at */
function dayLine(at) {
  const line = fromTemplate("day-template");
  setText(find(line, "span"), dayName(at));
  return line;
}
