/**
 * What a person has written in a room and not sent: the draft, which all their tabs share, and the correction of a
 * message, which belongs to one tab. Both survive a reload. State only: elements/composer.js draws them.
 */

import { uuid } from "./browser.js";
import { storageKey } from "./storage_keys.js";

/**
 * @import { ChosenFile } from "./uploads/uploads.js"
 *
 * @typedef {object} Answered the message that a draft answers
 * @property {number} id
 * @property {string} name of its author
 * @property {string} text its beginning
 *
 * @typedef {{text: string, reply: Answered | null, files: ChosenFile[]}} Written
 *
 * @typedef {object} Syncing how a stored draft relates to that of the server (draft_sync.js)
 * @property {string | null} client_id
 * @property {boolean} [synced] the server has this text, or is known to have none
 * @property {string[]} [ours] the `client_id`s of former texts that the server may have, and that this one replaces
 *
 * @typedef {Written & Syncing} StoredDraft
 *
 * @typedef {object} StoredCorrection
 * @property {{id: number, text: string}} message as it was
 * @property {string} body what it shall become
 */

/** @type {Written} */
const EMPTY = { text: "", reply: null, files: [] };

/**
 * The draft of one room, or of one thread. A `client_id` is reserved for its text and files, a new one with each change.
 * So two tabs or devices that send the same draft use the same `client_id`, and the server stores the message once.
 */
export class Draft {
  #storage;
  /** @type {StoredDraft} as this tab read or wrote it last */
  #known = { ...EMPTY, client_id: null };

  /**
   * @param {Storage} storage that the person's tabs share
   * @param {string} owner a person's key
   * @param {string} room a slug
   * @param {number | null} [thread] the id of its first message
   */
  constructor(storage, owner, room, thread = null) {
    this.#storage = storage;
    this.key = storageKey("draft", owner, room, thread);
  }

  /** @returns {Written} as any tab wrote it last */
  read() {
    /** @type {Partial<StoredDraft>} */
    const { text = "", reply = null, files = [], client_id = null, synced, ours } = load(this.#storage, this.key) ?? {};
    this.#known = { text, reply, files, client_id, synced, ours };
    return { text, reply, files };
  }

  /** @param {Written} draft */
  write({ text, reply, files }) {
    if (this.#isKnown({ text, reply, files }) && this.#known.client_id) return;
    this.#replace({ text, reply, files, client_id: uuid() });
  }

  /**
   * The `client_id` that is reserved for a draft, which stays.
   * @param {Written} draft what the tab shows
   * @returns {string}
   */
  reserve(draft) {
    this.write(draft);
    return this.#known.client_id ?? uuid();
  }

  /**
   * Remove the draft: it is being sent.
   * @param {Written} draft what the tab shows
   * @returns {string} the `client_id` to send it with
   */
  take(draft) {
    const id = this.#isKnown(draft) ? this.#known.client_id : null;
    // Another tab may have started another draft meanwhile: that one stays.
    const stored = load(this.#storage, this.key);
    if (!stored || stored.client_id === id || !id) this.#replace({ ...EMPTY, client_id: uuid() });
    this.#known = { ...EMPTY, client_id: null };
    return id ?? uuid();
  }

  /** Store the draft in place of the former one. An empty one stays until the server knows. @param {StoredDraft} draft */
  #replace(draft) {
    const { ours = [] } = load(this.#storage, this.key) ?? {};
    this.#known = { ...draft, ...(ours.length && { ours }) };
    save(this.#storage, this.key, !isEmpty(draft) || ours.length ? this.#known : null);
  }

  /** @param {Written} draft */
  #isKnown({ text, reply, files }) {
    const known = this.#known;
    const isSameReply = (known.reply?.id ?? null) === (reply?.id ?? null);
    return known.text === text && isSameReply && JSON.stringify(known.files) === JSON.stringify(files);
  }
}

/** The correction of a message: an edit that is not finished, or not stored on the server yet. */
export class Correction {
  #storage;
  #key;

  /**
   * @param {Storage} storage this tab's own
   * @param {string} owner a person's key
   * @param {string} room a slug
   * @param {number | null} [thread] the id of its first message
   */
  constructor(storage, owner, room, thread = null) {
    this.#storage = storage;
    this.#key = storageKey("correction", owner, room, thread);
  }

  /** @returns {StoredCorrection | null} */
  read() {
    const stored = load(this.#storage, this.#key);
    return typeof stored?.message?.id === "number" ? /** @type {StoredCorrection & typeof stored} */ (stored) : null;
  }

  /** @param {StoredCorrection["message"]} message as it is @param {string} body */
  write({ id, text }, body) {
    save(this.#storage, this.#key, { message: { id, text }, body });
  }

  /** The correction is stored or cancelled. @param {number} id of the message: the correction of another one stays */
  clear(id) {
    if (this.read()?.message.id === id) save(this.#storage, this.#key, null);
  }
}

/** @param {Written} draft */
export function isEmpty({ text, reply, files }) {
  return !text && !reply && !files.length;
}

/**
 * @param {Storage} storage
 * @param {string} key
 * @returns {Record<string, any> | null} any: the storage may hold what another version wrote
 */
export function load(storage, key) {
  try {
    const value = JSON.parse(storage.getItem(key) ?? "null");
    return value && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** The ids of the files in all drafts and outboxes, of all people of this browser. @param {Storage} storage @returns {Set<string>} */
export function fileIds(storage) {
  const keys = Object.keys(storage).filter((key) => /^parley\.(draft|outbox)\./.test(key));
  const values = keys.flatMap((key) => load(storage, key) ?? []);
  return new Set(values.flatMap(({ files }) => (Array.isArray(files) ? files.map(({ id }) => id) : [])));
}

/** @param {Storage} storage @param {string} key @param {object | null} value null: remove it */
export function save(storage, key, value) {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(value));
  } catch {
    // The storage is full or refused: the text is still in the page.
  }
}
