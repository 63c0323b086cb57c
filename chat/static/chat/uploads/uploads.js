/**
 * The files that a person has chosen and not sent yet, in all rooms of the tab: keeps their bytes, uploads them, and
 * knows how far each upload is. Which files belong to a draft or to a message is known there (drafts.js, outbox.js).
 */

import { inOneTab, uuid } from "../browser.js";
import { Emitter } from "../emitter.js";
import { Upload } from "./upload.js";
import { UploadError } from "./upload_error.js";
import { UploadQueue } from "./upload_queue.js";

/**
 * @import { FileStore } from "./file_store.js"
 * @import { Tus } from "./tus.js"
 * @import { UploadState, Work } from "./upload_queue.js"
 *
 * @typedef {object} ChosenFile what a draft or a message of the outbox knows of a file
 * @property {string} id in this browser
 * @property {string} name
 * @property {string} type as the browser names it; may be empty
 * @property {number} size bytes
 * @property {string} alt description for people who do not see it
 * @property {boolean} spoiler
 *
 * @typedef {object} UploadsEvents
 * @property {[string]} change the state of the file with this id changed
 * @property {[string]} uploaded
 * @property {[string]} failed
 * @property {[string]} unkept the browser has no room for the file with this id: it is lost when the page is closed
 *
 * @typedef {object} Parts
 * @property {Tus} tus
 * @property {FileStore} store
 * @property {(room: string) => string} addressOf where uploads of a room are created
 * @property {(ms: number, signal: AbortSignal) => Promise<void>} pause before a retry
 * @property {() => number} [chunk] how many bytes one request may have
 * @property {<T>(name: string, work: () => Promise<T>) => Promise<T>} [lock] runs the work of one tab at a time
 */

/** A file that another tab is storing is looked for this often. */
const LOOKS = 20;
const LOOK_AGAIN_MS = 250;
/** Uploads wait at most this long for the deletion of a file. */
const DELETED_WITHIN_MS = 10_000;

/** @extends {Emitter<UploadsEvents>} */
export class Uploads extends Emitter {
  #parts;
  #lock;
  #queue = new UploadQueue();
  /** @type {Map<string, Promise<boolean>>} by id, whether the file was stored; while it is being stored, or in memory */
  #storing = new Map();
  /** @type {Map<string, number>} the server's ids of uploaded files, by id */
  #attachments = new Map();
  /** @type {Set<string>} ids of files that are lost with the page */
  #unkept = new Set();
  /** @type {Promise<unknown>} until the server has deleted the files that were removed so far: they take up room */
  #deleted = Promise.resolve();

  /** @param {Parts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    this.#lock = parts.lock ?? inOneTab;
    this.#queue.on("change", (id) => this.emit("change", id));
    this.#queue.on("uploaded", (id) => this.emit("uploaded", id));
    this.#queue.on("failed", (id) => this.emit("failed", id));
  }

  /** Begin to upload a file. @param {string} room a slug @param {File} file @returns {ChosenFile} */
  add(room, file) {
    const { name, type, size } = file;
    const chosen = { id: uuid(), name, type, size, alt: "", spoiler: false };
    const storing = this.#parts.store.put({ id: chosen.id, blob: file });
    this.#storing.set(chosen.id, storing);
    void storing.then((isKept) => !isKept && this.#warn(chosen.id));
    this.#queue.add(chosen.id, this.#work(room, chosen));
    return chosen;
  }

  /** Go on with uploads of an earlier page. @param {string} room a slug @param {readonly ChosenFile[]} files */
  resume(room, files) {
    for (const file of files) this.#queue.add(file.id, this.#work(room, file));
  }

  /** @param {string} id @returns {UploadState | undefined} undefined if the file is not being uploaded by this page */
  state(id) {
    return this.#queue.state(id);
  }

  /** Whether the file is lost when the page is closed: the browser did not store it. @param {string} id */
  isUnkept(id) {
    return this.#unkept.has(id);
  }

  get hasUnkept() {
    return this.#unkept.size > 0;
  }

  /** @param {readonly ChosenFile[]} files @returns {boolean} whether the server has all of them */
  areUploaded(files) {
    return files.every(({ id }) => this.#queue.state(id)?.phase === "uploaded" && this.#attachments.has(id));
  }

  /** The server's id of an uploaded file. @param {string} id @returns {number} */
  attachmentOf(id) {
    return this.#attachments.get(id) ?? 0;
  }

  /** @param {string} id @returns {Promise<Blob | undefined>} */
  async blob(id) {
    await this.#storing.get(id);
    return (await this.#parts.store.get(id))?.blob;
  }

  /** Try failed uploads again. @param {readonly ChosenFile[]} files */
  retry(files) {
    for (const { id } of files) this.#queue.retry(id);
  }

  /**
   * The server does not know these uploads any more: upload the files again.
   * @param {string} room a slug
   * @param {readonly ChosenFile[]} files
   */
  async renew(room, files) {
    for (const { id } of files) {
      this.#queue.remove(id);
      this.#attachments.delete(id);
      await this.#parts.store.update(id, { isUploaded: false });
    }
    this.resume(room, files);
  }

  /** Files that nobody wants to send any more: remove them, also from the server. @param {readonly ChosenFile[]} files */
  async cancel(files) {
    const deleting = this.#delete(files);
    this.#deleted = Promise.allSettled([this.#deleted, atMost(DELETED_WITHIN_MS, deleting)]);
    await deleting;
  }

  /** @param {readonly ChosenFile[]} files */
  async #delete(files) {
    for (const { id } of files) this.#queue.remove(id);
    await Promise.all(files.map(({ id }) => this.#storing.get(id)));
    const stored = await Promise.all(files.map(({ id }) => this.#parts.store.get(id)));
    await this.forget(files);
    const urls = stored.map((file) => file?.url).filter((url) => typeof url === "string");
    // Without an answer the server deletes the upload when it expires.
    await Promise.allSettled(urls.map((url) => this.#parts.tus.terminate(url)));
  }

  /** Files whose message is stored. @param {readonly ChosenFile[]} files */
  async forget(files) {
    for (const { id } of files) {
      this.#queue.remove(id);
      for (const known of [this.#storing, this.#attachments, this.#unkept]) known.delete(id);
    }
    await this.#parts.store.remove(files.map(({ id }) => id));
  }

  /** @param {string} room a slug @param {ChosenFile} file @returns {Work} */
  #work(room, { id, name, type, size }) {
    const { addressOf, chunk, pause, store, tus } = this.#parts;
    return async (signal, progress) => {
      await this.#storing.get(id);
      await this.#deleted;
      await this.#lock(`parley.upload.${id}`, async () => {
        signal.throwIfAborted();
        let file = await store.get(id);
        // The draft reaches other tabs before the tab that the file was chosen in has stored it.
        for (let looks = 0; !file && looks < LOOKS; looks += 1) {
          await pause(LOOK_AGAIN_MS, signal);
          file = await store.get(id);
        }
        // Another tab had it in its memory, or the person cleared the browser's data.
        if (!file) throw new UploadError({ code: "file_lost" });
        if (file.isUploaded && file.url) {
          progress.sent(size);
          return this.#take(id, file.url);
        }
        const upload = new Upload({
          tus,
          address: addressOf(room),
          source: { blob: file.blob, name, type },
          url: file.url,
          onUrl: (url) => void store.update(id, { url }),
          onProgress: progress.sent,
          onStalled: progress.stalled,
          pause,
          ...(chunk && { chunk: chunk() }),
        });
        const url = await upload.run(signal);
        await store.update(id, { url, isUploaded: true });
        this.#take(id, url);
      });
    };
  }

  /** @param {string} id @param {string} url of its upload, which ends with the server's id of the file */
  #take(id, url) {
    const attachment = Number(/\/(\d+)\/?$/.exec(url)?.[1]);
    if (attachment) this.#attachments.set(id, attachment);
  }

  /** @param {string} id */
  #warn(id) {
    this.#unkept.add(id);
    this.emit("change", id);
    this.emit("unkept", id);
  }
}

/** Resolves when `work` has ended, or without it after some time. @param {number} ms @param {Promise<unknown>} work */
function atMost(ms, work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
