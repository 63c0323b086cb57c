/**
 * Uploads a file with the public client tus-js-client: `node tus_client.mjs ADDRESS COOKIE FILE CHUNK_BYTES STOP_AT`.
 * With STOP_AT, the first run is ended after that many bytes, and a second one continues. Prints the upload's address.
 */
import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { Upload } from "tus-js-client";

const [address, cookie, path, chunkSize, stopAt] = process.argv.slice(2);

/** @param {string | null} url of an upload to continue @param {number} [end] @returns {Promise<string | null>} */
function run(url, end = Infinity) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(createReadStream(path), {
      endpoint: address,
      uploadUrl: url,
      uploadSize: statSync(path).size,
      chunkSize: Number(chunkSize),
      headers: { Cookie: cookie },
      metadata: { filename: basename(path), filetype: "text/plain" },
      storeFingerprintForResuming: false,
      retryDelays: null,
      onError: reject,
      onSuccess: () => resolve(upload.url),
      onChunkComplete: (_size, sent) => sent >= end && upload.abort().then(() => resolve(upload.url), reject),
    });
    upload.start();
  });
}

const begun = Number(stopAt) ? await run(null, Number(stopAt)) : null;
console.log(await run(begun));
