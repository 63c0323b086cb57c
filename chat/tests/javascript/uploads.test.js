import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";

import { Tus } from "../../static/chat/uploads/tus.js";
import { UploadError } from "../../static/chat/uploads/upload_error.js";
import { UploadQueue } from "../../static/chat/uploads/upload_queue.js";
import { Uploads } from "../../static/chat/uploads/uploads.js";
import { TusServer } from "./tus_server.js";

async function settled() {
  for (let turn = 0; turn < 20; turn++) await null;
}

describe("a queue of uploads", () => {
  let queue, begun, endings;

  beforeEach(() => {
    queue = new UploadQueue();
    begun = [];
    endings = {};
  });

  /** Work that ends when the test calls `endings[id](error)`. */
  const work = (id) => (signal) => {
    begun.push(id);
    return new Promise((resolve, reject) => {
      endings[id] = (error) => (error ? reject(error) : resolve(null));
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  const add = (...ids) => ids.forEach((id) => queue.add(id, work(id)));
  const phases = (...ids) => ids.map((id) => queue.state(id)?.phase);

  test("runs two at once, in the order in which they were added", async () => {
    add("a", "b", "c", "d");
    assert.deepEqual([begun, phases("a", "c")], [["a", "b"], ["uploading", "waiting"]]);
    endings.b();
    await settled();
    assert.deepEqual([begun, phases("b", "c")], [["a", "b", "c"], ["uploaded", "uploading"]]);
  });

  test("adds an upload once", () => {
    add("a", "a");
    assert.deepEqual(begun, ["a"]);
  });

  test("aborts an upload that is removed, and runs the next one", async () => {
    add("a", "b", "c");
    queue.remove("a");
    await settled();
    assert.deepEqual([begun, phases("a", "c")], [["a", "b", "c"], [undefined, "uploading"]]);
  });

  test("keeps why an upload failed, and runs it again in its place", async () => {
    add("a", "b", "c", "d");
    endings.a(new UploadError({ code: "too_large" }));
    await settled();
    assert.deepEqual([queue.state("a").phase, queue.state("a").error.code], ["failed", "too_large"]);
    queue.retry("a");
    endings.b();
    await settled();
    assert.deepEqual([begun, phases("a", "d")], [["a", "b", "c", "a"], ["uploading", "waiting"]]);
  });
});

describe("the files of a person", () => {
  const PHOTO = new File(["a photo"], "photo.jpg", { type: "image/jpeg" });
  const NOTES = new File(["some notes"], "notes.txt", { type: "text/plain" });
  let server, rows;

  beforeEach(async () => {
    server = await new TusServer().start();
    rows = new Map();
  });

  afterEach(() => server.stop());

  /** The browser's database. @type {any} */
  const store = {
    put: async ({ id, blob }) => Boolean(rows.set(id, { id, blob, url: null, isUploaded: false })),
    get: async (id) => rows.get(id),
    update: async (id, fields) => rows.has(id) && rows.set(id, { ...rows.get(id), ...fields }),
    remove: async (ids) => ids.forEach((id) => rows.delete(id)),
  };

  function tab(parts = {}) {
    const tus = new Tus(server.transport);
    const addressOf = (room) => `/rooms/${room}/files/`;
    return new Uploads({ tus, store, addressOf, pause: async () => {}, lock: (_, work) => work(), ...parts });
  }

  /** Until all files are uploaded. @param {Uploads} uploads */
  const allUploaded = (uploads, files) =>
    /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        const check = () => uploads.areUploaded(files) && resolve();
        uploads.on("uploaded", check);
        check();
      })
    );

  test("are uploaded, and have the ids that the server gave them", async () => {
    const uploads = tab();
    const files = [uploads.add("tea", PHOTO), uploads.add("tea", NOTES)];
    assert.equal(uploads.areUploaded(files), false);
    await allUploaded(uploads, files);
    assert.deepEqual(server.files, { "photo.jpg": "a photo", "notes.txt": "some notes" });
    assert.deepEqual(files.map(({ id }) => uploads.attachmentOf(id)).sort(), [1, 2]);
  });

  test("are not uploaded twice by a page that is loaded again", async () => {
    const before = tab();
    const files = [before.add("tea", PHOTO)];
    await allUploaded(before, files);
    server.requests = [];
    const after = tab();
    after.resume("tea", files);
    await allUploaded(after, files);
    assert.deepEqual([server.requests, after.attachmentOf(files[0].id)], [[], 1]);
  });

  test("are uploaded by one of two tabs", async () => {
    let last = Promise.resolve();
    const lock = (_, work) => (last = last.then(work));
    const [one, two] = [tab({ lock }), tab({ lock })];
    const files = [one.add("tea", PHOTO)];
    two.resume("tea", files);
    await Promise.all([allUploaded(one, files), allUploaded(two, files)]);
    assert.deepEqual(server.requests, ["POST", "PATCH"]);
  });

  test("that another tab is still storing are waited for", async () => {
    const stored = { id: "late", blob: new Blob(["late"]) };
    const uploads = tab({ pause: async () => void (await store.put(stored)) });
    const late = { id: "late", name: "late.txt", type: "", size: 4, alt: "", spoiler: false };
    uploads.resume("tea", [late]);
    await allUploaded(uploads, [late]);
    assert.deepEqual(server.files, { "late.txt": "late" });
  });

  test("that this browser does not have any more fail with file_lost", async () => {
    const uploads = tab();
    const gone = { id: "gone", name: "gone.txt", type: "", size: 1, alt: "", spoiler: false };
    const failed = new Promise((resolve) => uploads.on("failed", resolve));
    uploads.resume("tea", [gone]);
    assert.equal(await failed, "gone");
    assert.equal(uploads.state("gone").error.code, "file_lost");
  });

  test("are uploaded again when the server has forgotten them", async () => {
    const uploads = tab();
    const files = [uploads.add("tea", PHOTO)];
    await allUploaded(uploads, files);
    server.uploads.clear();
    await uploads.renew("tea", files);
    await allUploaded(uploads, files);
    assert.deepEqual(server.files, { "photo.jpg": "a photo" });
  });

  test("that are cancelled are deleted, here and on the server", async () => {
    const uploads = tab();
    const files = [uploads.add("tea", PHOTO)];
    await allUploaded(uploads, files);
    await uploads.cancel(files);
    assert.deepEqual([rows.size, server.uploads.size, uploads.state(files[0].id)], [0, 0, undefined]);
  });

  test("wait until the server has deleted those that were removed: they took up room", async () => {
    const uploads = tab();
    const removed = [uploads.add("tea", PHOTO)];
    await allUploaded(uploads, removed);
    void uploads.cancel(removed);
    const next = [uploads.add("tea", NOTES)];
    await allUploaded(uploads, next);
    assert.deepEqual(server.requests, ["POST", "PATCH", "DELETE", "POST", "PATCH"]);
  });

  test("wait at most ten seconds for a deletion that gets no answer", async ({ mock }) => {
    const tus = new Tus(server.transport);
    tus.terminate = () => new Promise(() => {});
    const uploads = tab({ tus });
    const removed = [uploads.add("tea", PHOTO)];
    await allUploaded(uploads, removed);
    const timers = [];
    const { mock: timeouts } = mock.method(globalThis, "setTimeout", (end, ms) => timers.push({ end, ms }));
    void uploads.cancel(removed);
    const next = [uploads.add("tea", NOTES)];
    await settled();
    timeouts.restore();
    assert.deepEqual([server.requests, timers.map(({ ms }) => ms)], [["POST", "PATCH"], [10_000]]);
    timers[0].end();
    await allUploaded(uploads, next);
    assert.deepEqual(server.requests, ["POST", "PATCH", "POST", "PATCH"]);
  });

  test("whose message is stored are deleted here only", async () => {
    const uploads = tab();
    const files = [uploads.add("tea", PHOTO)];
    await allUploaded(uploads, files);
    await uploads.forget(files);
    assert.deepEqual([rows.size, server.uploads.size], [0, 1]);
  });
});
