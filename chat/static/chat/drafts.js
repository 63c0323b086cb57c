/**
 * What a person has written in a room and not sent: the draft, shared by their tabs, and a correction, which is a tab's
 * own. Both survive a reload. State only; elements/composer.js draws it.
 */

import { uuid } from "./browser.js";
import { keptKey } from "./kept.js";

/**
 * @typedef {object} Quoted what is answered
 * @property {number} id
 * @property {string} name its author's
 * @property {string} text the beginning of it
 */

/**
 * The draft of one room. Its text has a `client_id` reserved, a new one with each change: two tabs that send the same
 * text send it under the same `client_id`, which the server stores once.
 */
export class Draft {
  #storage;
  #known = { text: "", reply: null, client_id: null };

  /**
   * @param {Storage} storage that the person's tabs share
   * @param {string} owner a person's key
   * @param {string} room a slug
   */
  constructor(storage, owner, room) {
    this.#storage = storage;
    this.key = keptKey("draft", owner, room);
  }

  /** @returns {{text: string, reply: Quoted|null}} as any tab wrote it last */
  read() {
    const { text = "", reply = null, client_id = null } = load(this.#storage, this.key) ?? {};
    this.#known = { text, reply, client_id };
    return { text, reply };
  }

  /** @param {{text: string, reply: Quoted|null}} draft */
  write({ text, reply }) {
    if (this.#is(text, reply) && this.#known.client_id) return;
    this.#known = { text, reply, client_id: uuid() };
    save(this.#storage, this.key, text || reply ? this.#known : null);
  }

  /**
   * It is being sent: take it away.
   * @param {{text: string, reply: Quoted|null}} draft what the tab shows
   * @returns {string} the `client_id` to send it under
   */
  take({ text, reply }) {
    const id = this.#is(text, reply) ? this.#known.client_id : null;
    // Another tab may have begun something else meanwhile: that stays.
    const kept = load(this.#storage, this.key);
    if (!kept || kept.client_id === id || !id) save(this.#storage, this.key, null);
    this.#known = { text: "", reply: null, client_id: null };
    return id ?? uuid();
  }

  #is(text, reply) {
    return this.#known.text === text && (this.#known.reply?.id ?? null) === (reply?.id ?? null);
  }
}

/** A correction of a message that is not finished, or not stored yet. */
export class Correction {
  #storage;
  #key;

  /** @param {Storage} storage this tab's own @param {string} owner a person's key @param {string} room a slug */
  constructor(storage, owner, room) {
    this.#storage = storage;
    this.#key = keptKey("correction", owner, room);
  }

  /** @returns {{message: object, body: string}|null} the message as it was, and what it shall become */
  read() {
    const kept = load(this.#storage, this.#key);
    return typeof kept?.message?.id === "number" ? kept : null;
  }

  /** @param {object} message @param {string} body */
  write({ id, text }, body) {
    save(this.#storage, this.#key, { message: { id, text }, body });
  }

  /** It is stored or given up. @param {number} id of the message: a later correction stays */
  clear(id) {
    if (this.read()?.message.id === id) save(this.#storage, this.#key, null);
  }
}

function load(storage, key) {
  try {
    const kept = JSON.parse(storage.getItem(key));
    return kept && typeof kept === "object" ? kept : null;
  } catch {
    return null;
  }
}

function save(storage, key, value) {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full: the text is still in the page.
  }
}
