import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { ReadPosition } from "../../static/chat/read_position.js";
import { Store } from "../../static/chat/store.js";
import { ALICE, message, opened, state, welcome } from "./cast.js";

/** @import { Connection } from "../../static/chat/socket.js" */

/** @type {{online: boolean, sent: object[], request: (command: object) => Promise<void>}} */
let connection;
/** @type {Store} */
let store;
/** @type {ReadPosition} */
let position;

/**
 * Alice has the messages 1 to 9 of the room and has read up to 4, unless the fields of the state say something else.
 * @param {Partial<import("../../static/chat/wire.d.ts").RoomState>} [fields]
 * @param {Partial<Parameters<typeof opened>[1]>} [answer]
 */
function open(fields = {}, answer = {}) {
  const messages = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((seq) => message(seq));
  store.applyOpen(opened(messages, { state: { read: 4, unread: 5, ...fields }, ...answer }));
  const context = { connection: /** @type {Connection} */ (/** @type {unknown} */ (connection)), room: "lobby", store };
  position = new ReadPosition(context);
  position.begin();
}

/** @param {number} from @param {number} to */
const see = (from, to) => position.see(() => ({ from, to }));
const unread = () => store.rooms.get("lobby")?.unread;
const reported = () => connection.sent.map((each) => /** @type {{upto: number}} */ (each).upto);

beforeEach(() => {
  connection = { online: true, sent: [], request: async (command) => void connection.sent.push(command) };
  store = new Store(welcome({ rooms: [state()] }));
});

describe("the position", () => {
  test("begins where the reader left off, and moves over what is on the screen", () => {
    open();
    assert.deepEqual([position.upto, position.firstUnread?.seq, position.newAfter], [4, 5, 4]);
    see(3, 7);
    assert.deepEqual([position.upto, position.firstUnread?.seq, unread()], [7, 8, 2]);
    see(6, 9);
    assert.deepEqual([position.firstUnread, position.newAfter, unread()], [undefined, null, 0]);
  });

  test("asks for no layout when nothing is unread", () => {
    open({ read: 9, unread: 0 });
    position.see(() => assert.fail("asked"));
  });

  test("of who has nothing unread is the end, also if their own messages follow what they read", () => {
    const mine = message(10, { by: ALICE });
    open({ read: 9, unread: 0 }, { messages: [message(9), mine], upto: 10 });
    assert.equal(position.upto, 10);
  });

  test("is at the end when the reader says that they have read all", () => {
    open();
    position.seeAll();
    assert.deepEqual([position.upto, unread()], [9, 0]);
    // The page has the messages around the first unread one; the later ones are not loaded.
    open({ read: 4, unread: 80 }, { upto: 90, more_after: true });
    position.seeAll();
    assert.equal(position.upto, 90);
  });

  test("goes on with other devices of the reader, and never back", () => {
    open();
    store.apply({ type: "read", room: "lobby", upto: 8, unread_marks: 0, unread: 1, mentions: 0 });
    assert.deepEqual([position.goBack(), position.goOn(), position.upto], [false, true, 8]);
    assert.deepEqual([position.goOn(), position.upto], [false, 8]);
  });

  test("goes back once when messages are marked as unread", () => {
    open();
    see(3, 9);
    store.apply({ type: "read", room: "lobby", upto: 2, unread_marks: 1, unread: 7, mentions: 0 });
    assert.deepEqual([position.goBack(), position.upto, position.firstUnread?.seq], [true, 2, 3]);
    assert.equal(position.goBack(), false);
  });
});

describe("the first unread message", () => {
  test("is known if it is shown, or if all is read", () => {
    open();
    assert.ok(position.isKnown);
    open({ read: 9, unread: 0 });
    assert.ok(position.isKnown);
    open({ read: 4 }, { messages: [message(8), message(9)], more_before: true });
    assert.ok(!position.isKnown);
  });

  test("is not known for who is no member: they have no count", () => {
    open({ role: null, read: 0, unread: 3 });
    assert.deepEqual([position.isKnown, position.unread, position.newAfter], [false, 0, null]);
  });

  test("is above the view if the view begins after it, or if it is not loaded", () => {
    open();
    const isAbove = (/** @type {number} */ from) => position.isFirstAbove(() => ({ from }));
    assert.deepEqual([isAbove(5), isAbove(6)], [false, true]);
    open({ read: 4 }, { messages: [message(8), message(9)], more_before: true });
    assert.ok(isAbove(8));
    open({ read: 9, unread: 0 });
    assert.ok(!isAbove(8));
  });
});

describe("the server", () => {
  test("is told once how far the reader has read", () => {
    open();
    assert.equal(position.report(), false);
    see(3, 7);
    assert.deepEqual([position.report(), position.report(), reported()], [true, false, [7]]);
    see(6, 9);
    assert.deepEqual([position.report(), reported()], [true, [7, 9]]);
  });

  test("is told to which mark as unread the position belongs", () => {
    open({ unread_marks: 3 });
    see(3, 7);
    position.report();
    assert.equal(/** @type {{unread_marks?: number}} */ (connection.sent[0]).unread_marks, 3);
  });

  test("is told again after an error", async () => {
    open();
    see(3, 7);
    connection.request = async () => Promise.reject(new Error("lost"));
    assert.ok(position.report());
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(position.report());
  });

  test("is told nothing without a connection, or by who is no member", () => {
    open();
    see(3, 7);
    connection.online = false;
    assert.equal(position.report(), false);
    connection.online = true;
    open({ role: null });
    see(1, 9);
    assert.deepEqual([position.report(), reported()], [false, []]);
  });

  test("is told nothing of what was marked as unread", () => {
    open();
    see(3, 9);
    position.report();
    store.apply({ type: "read", room: "lobby", upto: 2, unread_marks: 1, unread: 7, mentions: 0 });
    position.goBack();
    assert.equal(position.report(), false);
    see(3, 5);
    assert.deepEqual([position.report(), reported()], [true, [9, 5]]);
  });
});
