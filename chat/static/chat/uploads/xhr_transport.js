/** Sends the requests of uploads by XMLHttpRequest: `fetch` does not tell how much of a body was sent. */

import { csrfToken } from "../csrf.js";
import { Timer } from "../timer.js";
import { UploadError } from "./upload_error.js";

/** @import { Request, Response } from "./tus.js" */

/** A request that makes no progress for so long is lost, even if its connection is open. */
const SILENCE_MS = 30_000;

/**
 * @param {Request} request
 * @returns {Promise<Response>}
 * @throws {UploadError} `lost`: there is no answer; or the reason of the signal
 */
export function xhrTransport({ method, url, headers, body, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const xhr = new XMLHttpRequest();
    const silence = new Timer(() => xhr.abort());
    const aborted = () => xhr.abort();
    const lost = () => reject(signal?.aborted ? signal.reason : new UploadError({ code: "lost" }));
    xhr.open(method, url);
    for (const [name, value] of Object.entries({ ...headers, "X-CSRFToken": csrfToken() ?? "" })) {
      xhr.setRequestHeader(name, value);
    }
    xhr.upload.addEventListener("progress", ({ loaded }) => {
      silence.start(SILENCE_MS);
      onProgress?.(loaded);
    });
    xhr.addEventListener("load", () => {
      resolve({ status: xhr.status, text: xhr.responseText, header: (name) => xhr.getResponseHeader(name) });
    });
    xhr.addEventListener("error", lost);
    xhr.addEventListener("abort", lost);
    xhr.addEventListener("loadend", () => {
      silence.stop();
      signal?.removeEventListener("abort", aborted);
    });
    signal?.addEventListener("abort", aborted);
    silence.start(SILENCE_MS);
    xhr.send(body ?? null);
  });
}
