/**
 * What an article of the timeline has from its neighbours: the line of a new day above it, the line above what is new,
 * and whether it follows another of the same person.
 */

import { dayKey, dayName } from "../dates.js";
import { fromTemplate, setText } from "../dom.js";
import { personKey, senderOf } from "../protocol.js";

/** Messages of one person within this time stand together. */
const GROUP_MS = 5 * 60 * 1000;
const LINES = ".day, .new";

export class Rows {
  /** What each article shows: the message, its Date, and the key of its day. */
  #facts = new WeakMap();

  /** Remember what an article shows. */
  note(article, message) {
    const at = new Date(message.at);
    this.#facts.set(article, { message, at, day: dayKey(at) });
  }

  messageOf(article) {
    return this.#facts.get(article)?.message;
  }

  /** Dress an article. @param {HTMLElement} article @param {number|null} newId the first message that is new */
  dress(article, newId) {
    const facts = this.#facts.get(article);
    const { message } = facts;
    this.undress(article);
    const before = this.#facts.get(this.#previous(article));
    const newDay = before?.day !== facts.day;
    const isNew = message.id !== null && message.id === newId;
    const apart = newDay || isNew || message.reply_to !== null || facts.at - before.at >= GROUP_MS;
    article.classList.toggle("follows", !apart && sender(before.message) === sender(message));
    if (newDay) article.before(dayLine(facts.at));
    if (isNew) article.before(fromTemplate("new-template"));
  }

  /** Name the days anew: at midnight today becomes yesterday. */
  nameDays() {
    for (const line of document.querySelectorAll("#log .day")) {
      setText(line.firstElementChild, dayName(this.#facts.get(this.#articleBelow(line)).at));
    }
  }

  /** Take away the lines above an article. */
  undress(article) {
    while (article.previousElementSibling?.matches(LINES)) article.previousElementSibling.remove();
  }

  /** The first of an article and the lines above it. */
  head(article) {
    let head = article;
    while (head.previousElementSibling?.matches(LINES)) head = head.previousElementSibling;
    return head;
  }

  /** @returns {HTMLElement|undefined} the article after this one */
  next(article) {
    let row = article.nextElementSibling;
    while (row && !row.matches(".message")) row = row.nextElementSibling;
    return row ?? undefined;
  }

  #articleBelow(line) {
    let row = line;
    while (!row.matches(".message")) row = row.nextElementSibling;
    return row;
  }

  #previous(article) {
    let row = article.previousElementSibling;
    while (row && !row.matches(".message")) row = row.previousElementSibling;
    return row ?? undefined;
  }
}

function sender(message) {
  return personKey(senderOf(message));
}

function dayLine(at) {
  const line = fromTemplate("day-template");
  line.firstElementChild.textContent = dayName(at);
  return line;
}
