/** Events may be lost, doubled or late: after a delta the store equals the log. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../static/chat/store.js";
import { Log, seeded, welcome } from "./cast.js";

const ROUNDS = 300;
const STEPS = 120;
/** The message whose thread each client shows. */
const ROOT = 1;

/** A client whose connection loses, doubles and delays frames. Pages of history are answered late. */
class Client {
  constructor(log, random, at) {
    this.log = log;
    this.random = random;
    this.store = new Store(welcome());
    this.store.applyOpen(log.open(undefined, undefined, at));
    this.late = [];
    this.page = null;
    this.thread = this.store.openThread("lobby", ROOT);
    this.threadAnswer = null;
    this.store.on("thread-expired", () => this.askForThread());
  }

  /** Ask for the thread; the answer comes after other events. */
  askForThread() {
    this.threadAnswer = this.log.thread(ROOT);
  }

  receiveThread() {
    if (this.threadAnswer) this.store.applyThread(this.threadAnswer, this.thread);
    this.threadAnswer = null;
  }

  get copy() {
    return this.store.copy("lobby");
  }

  receive(frame) {
    const chance = this.random();
    if (chance < 0.15) return;
    if (chance < 0.3) this.late.push(frame);
    else this.store.apply(frame);
    if (chance > 0.85) this.store.apply(frame);
    if (this.late.length && this.random() < 0.3) {
      this.store.apply(this.late.splice(Math.floor(this.random() * this.late.length), 1)[0]);
    }
  }

  /** Receive the page that was asked for, or ask for one. */
  askForPage(place = this.anyPlace()) {
    if (this.page) {
      this.store.applyHistory(this.page.answer, this.page.place, this.page.copy);
      this.page = null;
    } else {
      this.page = { place, copy: this.copy, answer: this.log.history(place) };
    }
  }

  anyPlace() {
    const { shown, tail } = this.copy;
    const chance = this.random();
    if (chance < 0.1) return { around: Math.floor(this.log.version * this.random()) };
    if (chance < 0.2) return { before: tail.floor };
    return shown.moreAfter && chance < 0.6 ? { after: shown.ceiling } : { before: shown.floor };
  }

  move() {
    const chance = this.random();
    if (chance < 0.4) this.copy.shrink(Math.floor(this.log.version * this.random()), 12, 10);
    else if (chance < 0.6) this.copy.shrink(Infinity, 12, 10);
    else if (chance < 0.8) this.store.joinTail("lobby");
    else this.store.showTail("lobby");
  }

  loadAll() {
    if (this.page) this.askForPage();
    const load = (place) => (this.askForPage(place), this.askForPage());
    while (this.copy.shown.moreBefore) load({ before: this.copy.shown.floor });
    while (this.copy.shown.moreAfter) load({ after: this.copy.shown.ceiling });
  }

  openSince() {
    this.store.applyOpen(this.log.open(this.copy.version));
  }
}

function act(log, random) {
  const id = 1 + Math.floor(random() * log.messages.size);
  const chance = random();
  const answered = chance < 0.2 && id > 1 ? id - 1 : null;
  if (chance < 0.5 || log.messages.size === 0) return log.post(`text ${log.version}`, answered);
  if (chance < 0.65) return log.reply(`reply ${log.version}`, chance < 0.6 ? ROOT : id);
  if (chance < 0.78) return log.edit(id, `edited ${log.version}`);
  if (chance < 0.9) return log.delete(id);
  return log.rename(`name ${log.version}`);
}

function assertSame(client, log, seed) {
  const { tail, window } = client.copy;
  const shown = log.inOrder.filter(({ seq }) => window?.covers(seq) || tail.covers(seq));
  assert.ok(!window || window.ceiling < tail.floor, `seed ${seed}: window and tail overlap`);
  const messages = client.copy.messages.map((message) => ({ ...message, quote: null }));
  assert.deepEqual(messages, shown, `seed ${seed}`);
  for (const { reply_to: id } of messages) {
    if (id === null) continue;
    const { text, deleted } = log.messages.get(id);
    const quoted = client.copy.newestForm(id);
    assert.deepEqual([quoted.text, quoted.deleted], [text, deleted], `seed ${seed}: the quote of ${id}`);
  }
  if (client.thread.isLoaded && !client.threadAnswer) {
    const replies = log.inThread(ROOT).filter(({ seq }) => seq >= client.thread.floor);
    assert.deepEqual(client.thread.replies, replies, `seed ${seed}: the thread`);
    assert.equal(client.thread.root.version, log.messages.get(ROOT).version, `seed ${seed}: the root`);
  }
  assert.equal(client.copy.version, log.version, `seed ${seed}`);
  assert.equal(client.store.rooms.get("lobby").name, log.name, `seed ${seed}`);
  assert.equal(client.copy.hasGap, false, `seed ${seed}`);
}

test(`each copy equals the log after random interleavings of events, ${ROUNDS} times`, () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = seeded(seed);
    const log = new Log();
    for (let i = 0; i < 30; i++) act(log, random);
    const client = new Client(log, random, seed % 2 ? undefined : Math.floor(log.version * random()));
    for (let step = 0; step < STEPS; step++) {
      client.receive(act(log, random));
      if (random() < 0.1) client.receive(log.changes(Math.floor(log.version * random())));
      if (random() < 0.2) client.askForPage();
      if (random() < 0.05) client.openSince();
      if (random() < 0.1) client.move();
      if (step === 40) client.askForThread();
      if (step >= 40 && random() < 0.2) client.receiveThread();
    }
    client.openSince();
    client.receiveThread();
    assertSame(client, log, seed);
    client.late.forEach((frame) => client.store.apply(frame));
    client.loadAll();
    assertSame(client, log, seed);
    assert.equal(client.copy.shown.messages.length, log.inOrder.length);
    while (client.thread.moreBefore) client.store.applyThread(log.thread(ROOT, client.thread.floor), client.thread);
    assert.equal(client.thread.replies.length, log.inThread(ROOT).length);
  }
});

test("a store that fills each gap at once is up to date whenever an event arrives", () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = seeded(seed);
    const log = new Log();
    const client = new Client(log, random);
    client.store.on("gap", () => client.openSince());
    for (let step = 0; step < STEPS; step++) {
      const event = act(log, random);
      if (random() < 0.3) continue;
      client.store.apply(event);
      assertSame(client, log, seed);
    }
  }
});
