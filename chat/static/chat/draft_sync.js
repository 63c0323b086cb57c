/**
 * Keeps the drafts of this browser and those of the server the same. What a person writes goes to the server within a
 * second, and comes back as an event to their other devices. Without a connection it waits in the browser's storage.
 *
 * The last writer wins. But a text that the server does not have yet is never replaced: it is sent, or, if this page
 * comes back with one and finds another one on the server, both are kept as one text.
 */

import { uuid } from "./browser.js";
import { isEmpty, load, save } from "./drafts.js";
import { Emitter } from "./emitter.js";
import { CommandError, command } from "./protocol.js";
import { storageKey } from "./storage_keys.js";
import { Timer } from "./timer.js";

/**
 * @import { StoredDraft } from "./drafts.js"
 * @import { Connection } from "./socket.js"
 * @import { Store } from "./store.js"
 * @import { Draft, DraftEvent, DraftsReply } from "./wire.d.ts"
 *
 * @typedef {object} DraftSyncEvents
 * @property {[string]} change the draft under this key is another one, written on another device
 * @property {[]} list other rooms have drafts than before
 * @property {[{waiting: number, failed: number}]} scheduled how many messages are scheduled
 *
 * @typedef {{room: string, thread: number | null}} Place
 */

/** While a person types, their text is sent once in this time. */
const SEND_EVERY_MS = 600;
/** The shortest wait before a draft is sent again. */
const AGAIN_MS = 2_000;
/** Most `client_id`s that are kept of former texts which the server may have. */
const OURS_LIMIT = 20;
/** Error codes after which the same draft is sent again. */
const WORTH_ANOTHER_TRY = new Set(["lost", "timeout", "unavailable", "slow_down"]);

/** @extends {Emitter<DraftSyncEvents>} */
export class DraftSync extends Emitter {
  #storage;
  #owner;
  #store;
  #connection;
  #timer = new Timer(() => void this.#send());
  /** @type {Set<string>} keys of drafts that the server does not have */
  #waiting = new Set();
  #isSending = false;
  /** @type {Map<string, string>} by key, the server's time of the last event */
  #seenAt = new Map();
  /** @type {Set<string> | null} keys that events have come for since the list was asked for */
  #changedMeanwhile = null;

  /** @param {{storage: Storage, owner: string, store: Store, connection: Connection}} tab */
  constructor({ storage, owner, store, connection }) {
    super();
    this.#storage = storage;
    this.#owner = owner;
    this.#store = store;
    this.#connection = connection;
    // Guests have no drafts on the server.
    if (!store.you.user) return;
    store.on("draft", (event) => this.#receive(event));
    connection.on("state", ({ name }) => name === "online" && void this.#compare());
    for (const [key, draft] of this.#all()) if (!draft.synced) this.#waiting.add(key);
  }

  /** Rooms with a draft, or a draft in one of their threads. @returns {Place[]} */
  get places() {
    return [...this.#all()].filter(([, { text, reply }]) => text || reply).map(([key]) => this.#placeOf(key));
  }

  /** The person has changed or sent the draft under this key. @param {string} key */
  noteChange(key) {
    if (!this.#store.you.user) return;
    this.#waiting.add(key);
    if (!this.#timer.isRunning) this.#timer.start(SEND_EVERY_MS);
    this.emit("list");
  }

  /** Send what waits, now: the page may end. */
  flush() {
    this.#timer.stop();
    void this.#send();
  }

  async #send() {
    if (this.#isSending || !this.#connection.online) return;
    this.#isSending = true;
    const keys = [...this.#waiting];
    this.#waiting.clear();
    let again = 0;
    for (const key of keys) {
      const delay = await this.#sendOne(key);
      if (delay) this.#waiting.add(key);
      again = Math.max(again, delay);
    }
    this.#isSending = false;
    if (this.#waiting.size && !this.#timer.isRunning) this.#timer.start(again || SEND_EVERY_MS);
  }

  /** @param {string} key @returns {Promise<number>} ms until it is to be sent again; 0: it is not */
  async #sendOne(key) {
    const draft = this.#load(key);
    if (!draft || draft.synced) return 0;
    const id = draft.client_id ?? uuid();
    // Before it is sent: the answer may be lost.
    this.#save(key, { ...draft, client_id: id, ours: [...(draft.ours ?? []), id].slice(-OURS_LIMIT) });
    const { room, thread } = this.#placeOf(key);
    try {
      const reply = draft.reply && { reply_to: draft.reply.id };
      await this.#connection.request(command.draft({ room, thread, client_id: id, body: draft.text, ...reply }));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return WORTH_ANOTHER_TRY.has(error.code) ? (error.retryAfter ?? 0) * 1000 + AGAIN_MS : 0;
    }
    this.#markSynced(key, id);
    return 0;
  }

  /** The server has this text. @param {string} key @param {string} id its `client_id` */
  #markSynced(key, id) {
    const draft = this.#load(key);
    if (draft?.client_id !== id) return;
    const isOnServer = draft.text || draft.reply;
    this.#save(key, { ...draft, synced: true, ours: isOnServer ? [id] : [] });
  }

  /** Another device, or this one, has changed a draft. @param {DraftEvent} event */
  #receive({ room, thread, at, draft }) {
    const key = this.#keyOf({ room, thread });
    if ((this.#seenAt.get(key) ?? "") > at) return;
    this.#seenAt.set(key, at);
    this.#changedMeanwhile?.add(key);
    const mine = this.#load(key);
    if (mine && draft && mine.ours?.includes(draft.client_id)) return;
    if (mine && !mine.synced) {
      // The draft here is newer, and will be sent: the server must know of it even if it is empty.
      if (draft) this.#save(key, { ...mine, ours: [...(mine.ours ?? []), draft.client_id].slice(-OURS_LIMIT) });
      return this.noteChange(key);
    }
    this.#take(key, draft);
  }

  /** Compare with the server's list, at the beginning and after each loss of the connection. */
  async #compare() {
    this.#changedMeanwhile = new Set();
    /** @type {DraftsReply} */
    let reply;
    try {
      reply = /** @type {DraftsReply} */ (await this.#connection.request(command.drafts()));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return;
    }
    const changedMeanwhile = this.#changedMeanwhile;
    this.#changedMeanwhile = null;
    this.emit("scheduled", reply);
    const theirs = new Map(reply.drafts.map((draft) => [this.#keyOf(draft), draft]));
    const keys = new Set([...theirs.keys(), ...[...this.#all()].map(([key]) => key)]);
    for (const key of keys) if (!changedMeanwhile?.has(key)) this.#compareOne(key, theirs.get(key) ?? null);
    this.flush();
  }

  /**
   * Make one draft here and that of the server the same. A draft that the server knows follows the server. One that it
   * does not know is sent: alone, if what the server has is a former text of it; else as one text with the server's.
   * @param {string} key @param {Draft | null} theirs the server's
   */
  #compareOne(key, theirs) {
    const mine = this.#load(key);
    if (!mine || mine.synced) {
      // The server leaves out the drafts of rooms that this person does not see now. They may see them again: keep it.
      const isSeen = theirs !== null || this.#store.rooms.has(this.#placeOf(key).room);
      if (isSeen && (mine?.client_id ?? null) !== (theirs?.client_id ?? null)) this.#take(key, theirs);
      return;
    }
    this.#waiting.add(key);
    if (!theirs || mine.ours?.includes(theirs.client_id)) return;
    if (isEmpty(mine)) return this.#take(key, theirs);
    const [text, reply] = [joined(theirs.body, mine.text), mine.reply ?? answeredIn(theirs)];
    this.#save(key, { ...mine, text, reply, client_id: uuid(), ours: [theirs.client_id] });
    this.emit("change", key);
  }

  /** Take the draft of the server in place of the one here; files stay in this browser. @param {string} key @param {Draft | null} draft */
  #take(key, draft) {
    const files = this.#load(key)?.files ?? [];
    const text = draft?.body ?? "";
    // Another device may send the same text without these files: that is another message.
    const id = draft && !files.length ? draft.client_id : uuid();
    const reply = draft && answeredIn(draft);
    this.#save(key, { text, reply, files, client_id: id, synced: true, ours: draft ? [draft.client_id] : [] });
    this.#waiting.delete(key);
    this.emit("change", key);
  }

  /** All drafts of this person in this browser, by key. @returns {Iterable<[string, StoredDraft]>} */
  *#all() {
    const prefix = `${storageKey("draft", this.#owner)}.`;
    for (const key of Object.keys(this.#storage)) {
      const draft = key.startsWith(prefix) && this.#load(key);
      if (draft) yield [key, draft];
    }
  }

  /** @param {string} key @returns {StoredDraft | null} */
  #load(key) {
    const stored = load(this.#storage, key);
    return stored && { text: "", reply: null, files: [], client_id: null, ...stored };
  }

  /** @param {string} key @param {StoredDraft} draft */
  #save(key, draft) {
    save(this.#storage, key, isEmpty(draft) && draft.synced ? null : draft);
    this.emit("list");
  }

  /** @param {Place} place */
  #keyOf({ room, thread }) {
    return storageKey("draft", this.#owner, room, thread);
  }

  /** @param {string} key @returns {Place} */
  #placeOf(key) {
    const [room = "", thread] = key.slice(storageKey("draft", this.#owner).length + 1).split(".");
    return { room, thread: thread === undefined ? null : Number(thread) };
  }
}

/** The message that a draft of the server answers, as the composer shows it. @param {Draft} draft */
function answeredIn({ reply_to: id, quote }) {
  return id === null ? null : { id, name: (quote?.author ?? quote?.guest)?.name ?? "", text: quote?.text ?? "" };
}

/** Two texts as one, unless one of them contains the other. @param {string} theirs @param {string} mine */
function joined(theirs, mine) {
  if (mine.includes(theirs)) return mine;
  return theirs.includes(mine) ? theirs : `${theirs}\n\n${mine}`;
}
