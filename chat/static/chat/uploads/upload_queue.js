/** Runs uploads in the order in which they were added, a few at once. Pure: knows nothing of files and requests. */

import { Emitter } from "../emitter.js";
import { UploadError } from "./upload_error.js";

/**
 * @typedef {"waiting" | "uploading" | "uploaded" | "failed"} Phase
 *
 * @typedef {object} UploadState
 * @property {Phase} phase
 * @property {number} sent bytes
 * @property {boolean} isStalled it waits to try again
 * @property {UploadError | null} error why it failed
 *
 * @typedef {object} Progress what a running upload tells
 * @property {(sent: number) => void} sent bytes
 * @property {(isStalled: boolean) => void} stalled whether it waits to try again
 *
 * @typedef {(signal: AbortSignal, progress: Progress) => Promise<void>} Work uploads one file
 *
 * @typedef {object} QueueEvents
 * @property {[string]} change the state of the upload with this id changed
 * @property {[string]} uploaded
 * @property {[string]} failed
 */

/** More than one, so that a small file does not wait for a large one. */
const AT_ONCE = 2;

/**
 * @typedef {object} Entry
 * @property {Work} work
 * @property {UploadState} state
 * @property {AbortController | null} running
 */

/** @extends {Emitter<QueueEvents>} */
export class UploadQueue extends Emitter {
  /** @type {Map<string, Entry>} in the order in which they were added */
  #entries = new Map();

  /** @param {string} id @returns {UploadState | undefined} */
  state(id) {
    return this.#entries.get(id)?.state;
  }

  /** Add an upload, unless it is there. @param {string} id @param {Work} work */
  add(id, work) {
    if (this.#entries.has(id)) return;
    this.#entries.set(id, { work, state: fresh(), running: null });
    this.#startNext();
  }

  /** End an upload and forget it. @param {string} id */
  remove(id) {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    entry?.running?.abort();
    this.#startNext();
  }

  /** Run an upload again that failed. @param {string} id */
  retry(id) {
    const entry = this.#entries.get(id);
    if (entry?.state.phase !== "failed") return;
    entry.state = fresh();
    this.emit("change", id);
    this.#startNext();
  }

  #startNext() {
    const entries = [...this.#entries];
    let free = AT_ONCE - entries.filter(([, { running }]) => running).length;
    for (const [id, entry] of entries) {
      if (free <= 0) return;
      if (entry.state.phase !== "waiting") continue;
      free -= 1;
      void this.#run(id, entry);
    }
  }

  /** @param {string} id @param {Entry} entry */
  async #run(id, entry) {
    const running = (entry.running = new AbortController());
    this.#update(id, entry, { phase: "uploading" });
    /** @type {Progress} */
    const progress = {
      sent: (sent) => this.#update(id, entry, { sent }),
      stalled: (isStalled) => entry.state.isStalled !== isStalled && this.#update(id, entry, { isStalled }),
    };
    /** @type {UploadError | null} */
    let error = null;
    try {
      await entry.work(running.signal, progress);
    } catch (thrown) {
      error = thrown instanceof UploadError ? thrown : new UploadError({ code: "internal" });
      if (!(thrown instanceof UploadError) && !running.signal.aborted) console.error(thrown);
    }
    entry.running = null;
    // Removed meanwhile: nobody asks for it any more.
    if (this.#entries.get(id) === entry) {
      this.#update(id, entry, { phase: error ? "failed" : "uploaded", error, isStalled: false });
      this.emit(error ? "failed" : "uploaded", id);
    }
    this.#startNext();
  }

  /** @param {string} id @param {Entry} entry @param {Partial<UploadState>} fields */
  #update(id, entry, fields) {
    if (this.#entries.get(id) !== entry) return;
    entry.state = { ...entry.state, ...fields };
    this.emit("change", id);
  }
}

/** @returns {UploadState} */
function fresh() {
  return { phase: "waiting", sent: 0, isStalled: false, error: null };
}
