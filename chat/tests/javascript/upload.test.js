import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";

import { Tus } from "../../static/chat/uploads/tus.js";
import { CHUNK, Upload } from "../../static/chat/uploads/upload.js";
import { TusServer } from "./tus_server.js";

const TEXT = "0123456789".repeat(60_000);

let server, urls, sent, stalls, pauses, ending;

beforeEach(async () => {
  server = await new TusServer().start();
  [urls, sent, stalls, pauses] = [[], [], [], []];
  ending = new AbortController();
});

afterEach(() => server.stop());

/** An upload of a text. @param {string} text @param {Record<string, any>} [parts] */
function uploadOf(text, { name = "tea.txt", ...parts } = {}) {
  return new Upload({
    tus: new Tus(server.transport),
    address: server.address,
    source: { blob: new Blob([text]), name, type: "text/plain" },
    url: null,
    onUrl: (url) => urls.push(url),
    onProgress: (bytes) => sent.push(bytes),
    onStalled: (isStalled) => stalls.push(isStalled),
    pause: async (ms) => void pauses.push(ms),
    ...parts,
  });
}

const run = (upload) => upload.run(ending.signal);
const refused = (code) => (error) => error.code === code;

describe("a file", () => {
  test("arrives byte by byte, with a name in any script, at a path of this site", async () => {
    const url = await run(uploadOf(TEXT, { name: "Grüße 茶 🍵.txt" }));
    assert.deepEqual(server.files, { "Grüße 茶 🍵.txt": TEXT });
    assert.deepEqual([url, urls], ["/rooms/tea/files/1/", ["/rooms/tea/files/1/"]]);
    assert.equal(sent.at(-1), TEXT.length);
  });

  test("is sent in chunks that grow while they take less than two seconds, up to 1 MiB", async () => {
    await run(uploadOf("x".repeat(4_000_000)));
    assert.deepEqual(server.chunks.slice(0, 4).map((size) => size / CHUNK.least), [1, 2, 4, 4]);
    assert.equal(Math.max(...server.chunks), CHUNK.most);
  });

  test("is sent in small chunks on a slow line", async () => {
    let at = 0;
    await run(uploadOf(TEXT, { now: () => (at += 10_000) }));
    assert.deepEqual(server.chunks, [CHUNK.least, CHUNK.least, TEXT.length - 2 * CHUNK.least]);
  });

  test("is sent in chunks that the site accepts", async () => {
    await run(uploadOf(TEXT, { chunk: 200_000 }));
    assert.deepEqual(server.chunks, [200_000, 200_000, 200_000]);
  });

  test("passes a proxy that accepts less in one request", async () => {
    server.mostBody = 100_000;
    await run(uploadOf(TEXT));
    assert.deepEqual([server.files, pauses, Math.max(...server.chunks)], [{ "tea.txt": TEXT }, [], 65_536]);
  });

  test("passes a proxy that closes the connection when it gets more", async () => {
    server.mostBody = 300_000;
    server.closesOnMore = true;
    await run(uploadOf("x".repeat(2_000_000)));
    assert.deepEqual([pauses, Math.max(...server.chunks)], [[1000], CHUNK.least]);
  });

  test("whose upload an earlier page began goes on where the server is", async () => {
    await new Tus(server.transport).create(server.address, { name: "tea.txt", type: "", size: TEXT.length });
    await new Tus(server.transport).append("/rooms/tea/files/1/", 0, new Blob([TEXT.slice(0, 100_000)]));
    server.requests = [];
    await run(uploadOf(TEXT, { url: "/rooms/tea/files/1/" }));
    assert.deepEqual([server.files, server.requests[0], sent[0]], [{ "tea.txt": TEXT }, "HEAD", 100_000]);
  });

  test("that the server has forgotten is uploaded again from its beginning", async () => {
    await run(uploadOf(TEXT, { url: "/rooms/tea/files/9/" }));
    assert.deepEqual([server.files, urls], [{ "tea.txt": TEXT }, ["/rooms/tea/files/1/"]]);
  });
});

describe("a cut", () => {
  test("in the middle of a body loses nothing and doubles nothing", async () => {
    server.cutAfter = 70_000;
    await run(uploadOf(TEXT));
    assert.deepEqual(server.files, { "tea.txt": TEXT });
    assert.deepEqual([pauses, stalls[0], stalls.at(-1)], [[1000], true, false]);
  });

  test("before the answer loses nothing and doubles nothing", async () => {
    server.cutAnswer = true;
    await run(uploadOf(TEXT));
    assert.deepEqual(server.files, { "tea.txt": TEXT });
  });

  test("that does not end is waited for with growing delays, up to half a minute", async () => {
    server.answers = Array(7).fill({ status: 502 });
    await run(uploadOf(TEXT));
    assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    assert.deepEqual(server.files, { "tea.txt": TEXT });
  });

  test("is not waited for when the file on the disk cannot be read any more", async () => {
    server.answers = [{ status: 502 }];
    const blob = new Blob([TEXT]);
    blob.slice = () => /** @type {Blob} */ ({ arrayBuffer: () => Promise.reject(new Error("changed")) });
    await assert.rejects(run(uploadOf("", { source: { blob, name: "tea.txt", type: "" } })), refused("file_lost"));
  });
});

describe("an answer", () => {
  test("that asks to wait is obeyed", async () => {
    server.answers = [{ status: 429, headers: { "Retry-After": "7" } }];
    await run(uploadOf(TEXT));
    assert.deepEqual(pauses, [7000]);
  });

  test("that another request is at work on the upload leads to a new question for the offset", async () => {
    server.answers = [null, { status: 423 }];
    await run(uploadOf(TEXT));
    assert.deepEqual(server.requests.slice(0, 3), ["POST", "PATCH", "HEAD"]);
    assert.deepEqual(server.files, { "tea.txt": TEXT });
  });

  for (const [status, body, code] of [
    [413, {}, "too_large"], [413, { code: "quota_exceeded" }, "quota_exceeded"],
    [415, {}, "type_refused"],
    [403, { code: "archived", detail: "This room is archived." }, "archived"],
    [404, {}, "not_found"],
    [507, {}, "storage_full"],
  ]) {
    test(`with ${status} ${JSON.stringify(body)} ends the upload with ${code}`, async () => {
      server.answers = [{ status, body }];
      await assert.rejects(run(uploadOf(TEXT)), refused(code));
      assert.deepEqual(server.requests, ["POST"]);
    });
  }

  test("with an offset that does not move does not repeat for ever", async () => {
    const stuck = { status: 204, headers: { "Upload-Offset": "0" } };
    server.answers = [null, stuck, null, stuck, null];
    await run(uploadOf(TEXT));
    assert.deepEqual(pauses, [1000, 2000]);
  });
});

test("an upload that is aborted sends no further request, and can be deleted from the server", async () => {
  const { signal } = ending;
  const stopped = uploadOf(TEXT, { onProgress: (bytes) => bytes >= CHUNK.least && ending.abort() });
  await assert.rejects(stopped.run(signal), { name: "AbortError" });
  const { length } = server.requests;
  await new Tus(server.transport).terminate(urls[0]);
  await new Tus(server.transport).terminate(urls[0]);
  assert.deepEqual([server.requests.slice(length), server.uploads.size], [["DELETE", "DELETE"], 0]);
});
