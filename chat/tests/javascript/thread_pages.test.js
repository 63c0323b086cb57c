import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";

import { Emitter } from "../../static/chat/emitter.js";
import { ThreadPages } from "../../static/chat/elements/thread_pages.js";
import { CommandError } from "../../static/chat/protocol.js";
import { Store } from "../../static/chat/store.js";
import { Log, opened, welcome } from "./cast.js";
import { releaseClock, stopClock, tick } from "./clock.js";

/**
 * @import { RoomContext } from "../../static/chat/room_view.js"
 * @import { ThreadCopy } from "../../static/chat/thread_copy.js"
 */

const ROOT = 1;

class Server extends Emitter {
  log = new Log();
  /** @type {number[]} the `before` of each request; Infinity: the latest replies */
  asked = [];
  /** @type {CommandError[]} the next answers */
  errors = [];

  beforeAnswer = () => {};

  whenOnline = async () => {};

  /** @param {{before?: number}} command */
  request = async ({ before = Infinity }) => {
    this.asked.push(before);
    this.beforeAnswer();
    const error = this.errors.shift();
    if (error) throw error;
    return this.log.thread(ROOT, before);
  };
}

/** @type {Server} */
let server;
/** @type {Store} */
let store;
/** @type {ThreadCopy} */
let copy;
/** @type {ThreadPages} */
let pages;
/** @type {{code: string}[]} */
let errors;
/** @type {string[]} */
let drawn;
/** @type {AbortController} */
let view;

const answered = () => new Promise((resolve) => setImmediate(resolve));

afterEach(releaseClock);

beforeEach(() => {
  stopClock();
  [server, view, errors, drawn] = [new Server(), new AbortController(), [], []];
  server.log.post("root");
  for (let reply = 1; reply <= 17; reply += 1) server.log.reply(`reply ${reply}`, ROOT);
  store = new Store(welcome());
  store.applyOpen(opened([]));
  copy = store.openThread("lobby", ROOT);
  const notice = {
    showError: (/** @type {CommandError} */ error) => errors.push(error),
    errorOf: (/** @type {Promise<unknown>} */ done) => done.then(() => null, (error) => (errors.push(error), error)),
  };
  const context = { connection: server, notice, signal: view.signal, store, threadCopy: copy };
  pages = new ThreadPages(/** @type {RoomContext & {threadCopy: ThreadCopy}} */ (/** @type {unknown} */ (context)), {
    showLatest: () => drawn.push("latest"),
    drawAll: () => drawn.push("all"),
  });
});

describe("a thread that is opened", () => {
  test("shows the latest replies", async () => {
    await pages.ask();
    assert.deepEqual([drawn, copy.replies.length], [["latest"], 7]);
  });

  test("is asked for once, however often it is needed meanwhile", async () => {
    await Promise.all([pages.ask(), pages.ask()]);
    assert.deepEqual([server.asked, drawn], [[Infinity], ["latest"]]);
  });

  test("is asked for again after an error, as late as the server says", async () => {
    server.errors.push(new CommandError({ code: "rate_limited", retry_after: 3 }));
    await pages.ask();
    tick(2_900);
    await answered();
    assert.deepEqual([server.asked.length, drawn], [1, []]);
    tick(100);
    for (let step = 0; step < 3; step += 1) await answered();
    assert.deepEqual([server.asked.length, drawn, errors], [2, ["latest"], []]);
  });

  test("says that it is gone, and is not asked for again", async () => {
    server.errors.push(new CommandError({ code: "not_found" }));
    await pages.ask();
    tick(60_000);
    await answered();
    assert.deepEqual([errors.map(({ code }) => code), server.asked.length, drawn], [["not_found"], 1, []]);
  });

  test("is asked for with the next connection, unless it was loaded", async () => {
    server.emit("state", { name: "online" });
    await answered();
    assert.deepEqual(drawn, ["latest"]);
    server.emit("state", { name: "online" });
    await answered();
    assert.deepEqual([server.asked.length, drawn], [1, ["latest"]]);
  });

  test("is asked for again when replies may be missing from its copy", async () => {
    await pages.ask();
    server.log.reply("while away", ROOT);
    store.applyOpen(opened([], { upto: server.log.version }));
    await answered();
    assert.deepEqual([server.asked.length, copy.replies.at(-1)?.text], [2, "while away"]);
  });

  test("draws nothing after its view was closed", async () => {
    server.beforeAnswer = () => view.abort();
    await pages.ask();
    assert.deepEqual([server.asked.length, drawn, copy.isLoaded], [1, [], false]);
  });

  test("draws nothing, too, when the room had loaded it for another view", async () => {
    store.applyThread(server.log.thread(ROOT), copy);
    view.abort();
    await pages.ask();
    assert.deepEqual(drawn, []);
  });
});

describe("earlier replies", () => {
  test("come page by page, when the reader wants them", async () => {
    await pages.ask();
    await pages.showEarlier();
    assert.deepEqual([copy.replies.length, drawn], [14, ["latest", "all"]]);
  });

  test("that could not be loaded are said, and nothing is drawn", async () => {
    await pages.ask();
    server.errors.push(new CommandError({ code: "rate_limited" }));
    await pages.showEarlier();
    assert.deepEqual([errors.length, drawn], [1, ["latest"]]);
  });

  test("are loaded until the one is there that the reader wants to see", async () => {
    await pages.ask();
    const wanted = server.log.inThread(ROOT)[6];
    assert.equal(await pages.showMessage(wanted.id), null);
    assert.deepEqual([server.asked.length, copy.get(wanted.id)?.text, drawn], [2, wanted.text, ["latest", "all"]]);
  });

  test("end with the first one, also if the wanted message is not in the thread", async () => {
    await pages.ask();
    await pages.showMessage(999);
    assert.deepEqual([copy.moreBefore, copy.replies.length], [false, 17]);
  });
});
