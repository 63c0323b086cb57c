/**
 * The requests of a client of tus 1.0 (https://tus.io/protocols/resumable-upload): the core protocol, creation and
 * termination. Without state; requests go out through a `Transport`.
 */

import { UploadError, errorOf } from "./upload_error.js";

/**
 * @typedef {object} Request
 * @property {"POST" | "HEAD" | "PATCH" | "DELETE"} method
 * @property {string} url
 * @property {Record<string, string>} headers
 * @property {Blob} [body]
 * @property {AbortSignal} [signal]
 * @property {(sent: number) => void} [onProgress] how many bytes of the body have left the browser
 *
 * @typedef {object} Response
 * @property {number} status
 * @property {string} text the body
 * @property {(name: string) => string | null} header
 *
 * @typedef {(request: Request) => Promise<Response>} Transport
 *   Rejects with an UploadError `lost` if there is no answer, and with the reason of the signal if that is aborted.
 *
 * @typedef {{name: string, type: string, size: number}} FileInfo `size` in bytes
 */

const VERSION = { "Tus-Resumable": "1.0.0" };

export class Tus {
  #send;

  /** @param {Transport} send */
  constructor(send) {
    this.#send = send;
  }

  /**
   * Create an upload.
   * @param {string} address where uploads are created
   * @param {FileInfo} file
   * @param {AbortSignal} [signal]
   * @returns {Promise<string>} the path of the upload on this site
   * @throws {UploadError} the server refused it
   */
  async create(address, { name, type, size }, signal) {
    const metadata = [`filename ${base64(name)}`, ...(type ? [`filetype ${base64(type)}`] : [])].join(",");
    const headers = { ...VERSION, "Upload-Length": String(size), "Upload-Metadata": metadata };
    const response = await this.#send({ method: "POST", url: address, headers, ...(signal && { signal }) });
    const location = response.header("Location");
    if (response.status !== 201 || !location) throw errorOf(response);
    // A proxy may have written another host into it: uploads go to the site of the page.
    return new URL(location, new URL(address, "http://localhost")).pathname;
  }

  /**
   * @param {string} url of an upload
   * @param {AbortSignal} [signal]
   * @returns {Promise<number>} how many bytes the server has
   */
  async offset(url, signal) {
    const response = await this.#send({ method: "HEAD", url, headers: VERSION, ...(signal && { signal }) });
    return offsetOf(response, [200, 204]);
  }

  /**
   * Send the bytes that follow an offset.
   * @param {string} url of an upload
   * @param {number} offset how many bytes the server has
   * @param {Blob} bytes
   * @param {{signal?: AbortSignal, onProgress?: (sent: number) => void}} [options]
   * @returns {Promise<number>} the new offset
   */
  async append(url, offset, bytes, options = {}) {
    const headers = { ...VERSION, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    return offsetOf(await this.#send({ method: "PATCH", url, headers, body: bytes, ...options }), [204]);
  }

  /** Delete an upload. One that does not exist any more is no error. @param {string} url @returns {Promise<void>} */
  async terminate(url) {
    const response = await this.#send({ method: "DELETE", url, headers: VERSION });
    if (![204, 404, 410].includes(response.status)) throw errorOf(response);
  }
}

/** @param {Response} response @param {number[]} expected statuses @returns {number} */
function offsetOf(response, expected) {
  if (!expected.includes(response.status)) throw errorOf(response);
  const offset = Number(response.header("Upload-Offset") ?? NaN);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new UploadError({ code: "lost" });
  return offset;
}

/** Base64 of UTF-8, as `Upload-Metadata` has it. @param {string} text */
function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
