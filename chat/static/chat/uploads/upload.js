/**
 * The upload of one file: creates it, sends it in chunks, and goes on after each interruption where the server is. Only
 * an error that will not pass by itself ends it.
 */

import { now } from "../clock.js";
import { UploadError } from "./upload_error.js";

/**
 * @import { Tus } from "./tus.js"
 *
 * @typedef {object} Source
 * @property {Blob} blob the bytes
 * @property {string} name
 * @property {string} type may be empty
 *
 * @typedef {object} Parts
 * @property {Tus} tus
 * @property {string} address where uploads of the room are created
 * @property {Source} source
 * @property {string | null} url of the upload, if an earlier page created it
 * @property {(url: string) => void} onUrl the upload was created
 * @property {(sent: number) => void} onProgress bytes that were sent
 * @property {(isStalled: boolean) => void} [onStalled] whether it waits to try again
 * @property {(ms: number, signal: AbortSignal) => Promise<void>} pause before a retry; may end early
 * @property {number} [chunk] how many bytes one request may have
 * @property {() => number} [now] monotonic milliseconds
 */

/**
 * A small chunk loses little when it is cut; a large one wastes less time between two requests. The server keeps up to
 * 1 MiB in memory: its event loop would write more into a file.
 */
export const CHUNK = { least: 256 * 1024, most: 1024 * 1024 };
/** Proxies that accept less in one request do not let files through. */
const SMALLEST_CHUNK = 64 * 1024;
/** How long the sending of a chunk may take. */
const CHUNK_MS = 2_000;
const RETRY_FIRST_MS = 1_000;
const MAX_RETRY_MS = 30_000;
/** Each of these in a row creates a new upload, as the server has forgotten the former one. */
const MAX_RESTARTS = 3;

export class Upload {
  #parts;
  #now;
  #url;
  #chunk;
  #most;
  #least;
  /** The size of the chunk that is being sent; 0 between two. */
  #sending = 0;
  #failures = 0;
  #restarts = 0;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#now = parts.now ?? now;
    this.#url = parts.url;
    this.#most = Math.min(CHUNK.most, parts.chunk ?? Infinity);
    this.#least = this.#chunk = Math.min(CHUNK.least, this.#most);
  }

  /**
   * Upload the file.
   * @param {AbortSignal} signal ends it; what the server has stays there
   * @returns {Promise<string>} the URL of the upload, which is complete
   * @throws {UploadError} it cannot succeed; or the reason of the signal
   */
  async run(signal) {
    for (;;) {
      try {
        return await this.#attempt(signal);
      } catch (error) {
        signal.throwIfAborted();
        await this.#recover(error, signal);
      }
    }
  }

  /** @param {AbortSignal} signal @returns {Promise<string>} */
  async #attempt(signal) {
    const { onProgress, source, tus } = this.#parts;
    const { size } = source.blob;
    const isNew = this.#url === null;
    const url = this.#url ?? (await this.#create(signal));
    let offset = isNew ? 0 : await tus.offset(url, signal);
    if (offset > size) throw new UploadError({ code: "not_found" });
    onProgress(offset);
    while (offset < size) {
      const next = await this.#append(url, offset, signal);
      // An answer without progress would repeat for ever.
      if (next <= offset || next > size) throw new UploadError({ code: "conflict" });
      offset = next;
      this.#succeeded();
      onProgress(offset);
    }
    return url;
  }

  /** @param {AbortSignal} signal */
  async #create(signal) {
    const { address, onUrl, source, tus } = this.#parts;
    const { blob, name, type } = source;
    this.#url = await tus.create(address, { name, type, size: blob.size }, signal);
    onUrl(this.#url);
    return this.#url;
  }

  /** @param {string} url @param {number} offset @param {AbortSignal} signal @returns {Promise<number>} */
  async #append(url, offset, signal) {
    const { onProgress, source, tus } = this.#parts;
    const bytes = source.blob.slice(offset, offset + this.#chunk);
    const startedAt = this.#now();
    /** @param {number} sent */
    const progressed = (sent) => onProgress(offset + Math.min(sent, bytes.size));
    this.#sending = bytes.size;
    const next = await tus.append(url, offset, bytes, { signal, onProgress: progressed });
    this.#sending = 0;
    this.#fitChunk(bytes.size, this.#now() - startedAt);
    return next;
  }

  /** Choose a chunk that takes about CHUNK_MS. @param {number} size of the last one @param {number} ms that it took */
  #fitChunk(size, ms) {
    const fitting = (size * CHUNK_MS) / Math.max(ms, 1);
    this.#chunk = Math.round(Math.min(this.#most, this.#chunk * 2, Math.max(this.#least, fitting)));
  }

  #succeeded() {
    this.#failures = 0;
    this.#restarts = 0;
    this.#parts.onStalled?.(false);
  }

  /** Wait until the next attempt. @param {unknown} error @param {AbortSignal} signal */
  async #recover(error, signal) {
    if (!(error instanceof UploadError)) throw error;
    const sending = this.#sending;
    this.#sending = 0;
    if (error.code === "request_too_large") return this.#limitChunk(sending);
    // A server or a proxy that refuses a long request may close the connection before its answer is read.
    if (error.code === "lost" && sending > this.#least) this.#most = Math.max(this.#least, sending / 2);
    this.#chunk = this.#least;
    if (error.code === "not_found" && this.#url !== null && this.#restarts < MAX_RESTARTS) {
      this.#restarts += 1;
      this.#url = null;
      return;
    }
    if (!error.isTemporary) throw error;
    await this.#checkReadable();
    this.#failures += 1;
    this.#parts.onStalled?.(true);
    const delay = Math.min(MAX_RETRY_MS, RETRY_FIRST_MS * 2 ** (this.#failures - 1));
    await this.#parts.pause((error.retryAfter ?? 0) * 1000 || delay, signal);
    signal.throwIfAborted();
  }
  /** A proxy refused a chunk of this size. @param {number} size */
  #limitChunk(size) {
    if (size <= SMALLEST_CHUNK) throw new UploadError({ code: "too_large" });
    this.#chunk = this.#most = Math.max(SMALLEST_CHUNK, Math.floor(size / 2));
    this.#least = Math.min(this.#least, this.#most);
  }

  /** A file on the disk that was deleted or changed looks like a lost connection. */
  async #checkReadable() {
    try {
      await this.#parts.source.blob.slice(0, 1).arrayBuffer();
    } catch {
      throw new UploadError({ code: "file_lost" });
    }
  }
}
