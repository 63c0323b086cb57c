/** Whatever is lost, doubled or late on the way: after a fill the store equals the log. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../static/chat/store.js";
import { Log, seeded, welcome } from "./cast.js";

const ROUNDS = 300;
const STEPS = 120;

/** A client whose socket drops, doubles and delays; older pages are answered late. */
class Client {
  constructor(log, random) {
    this.log = log;
    this.random = random;
    this.store = new Store();
    this.store.apply(welcome());
    this.store.applyOpen(log.open());
    this.late = [];
    this.page = null;
    this.store.on("hole", () => (this.hole = true));
  }

  get copy() {
    return this.store.copy("lobby");
  }

  hear(frame) {
    const luck = this.random();
    if (luck < 0.15) return;
    if (luck < 0.3) this.late.push(frame);
    else this.store.apply(frame);
    if (luck > 0.85) this.store.apply(frame);
    if (this.late.length && this.random() < 0.3) {
      this.store.apply(this.late.splice(Math.floor(this.random() * this.late.length), 1)[0]);
    }
  }

  askOlder() {
    if (this.page) {
      this.store.applyHistory(this.page.answer, this.page.before);
      this.page = null;
    } else if (this.copy.more) {
      this.page = { before: this.copy.floor, answer: this.log.history(this.copy.floor) };
    }
  }

  fill() {
    this.store.applyOpen(this.log.open(this.copy.version));
  }
}

function act(log, random) {
  const id = 1 + Math.floor(random() * log.messages.size);
  const luck = random();
  if (luck < 0.55 || log.messages.size === 0) return log.post(`said ${log.version}`, luck < 0.2 && id > 1 ? id - 1 : null);
  if (luck < 0.75) return log.edit(id, `edited ${log.version}`);
  if (luck < 0.9) return log.delete(id);
  return log.rename(`name ${log.version}`);
}

function assertSame(client, log, seed) {
  const shown = log.inOrder.filter(({ seq }) => seq >= client.copy.floor);
  const messages = client.copy.messages.map((message) => ({ ...message, quote: null }));
  assert.deepEqual(messages, shown, `seed ${seed}`);
  for (const { reply_to: id } of messages) {
    if (id === null) continue;
    const { text, deleted } = log.messages.get(id);
    const quoted = client.copy.quoted(id);
    assert.deepEqual([quoted.text, quoted.deleted], [text, deleted], `seed ${seed}: the quote of ${id}`);
  }
  assert.equal(client.copy.version, log.version, `seed ${seed}`);
  assert.equal(client.store.rooms.get("lobby").name, log.name, `seed ${seed}`);
  assert.equal(client.copy.behind, false, `seed ${seed}`);
}

test(`after ${ROUNDS} random interleavings every copy equals the log`, () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = seeded(seed);
    const log = new Log();
    for (let i = 0; i < 30; i++) act(log, random);
    const client = new Client(log, random);
    for (let step = 0; step < STEPS; step++) {
      client.hear(act(log, random));
      if (random() < 0.1) client.hear(log.changes(Math.floor(log.version * random())));
      if (random() < 0.1) client.askOlder();
      if (random() < 0.05) client.fill();
      if (random() < 0.02) client.copy.trim(10);
    }
    client.fill();
    assertSame(client, log, seed);
    client.late.forEach((frame) => client.store.apply(frame));
    if (client.page) client.askOlder();
    while (client.copy.more) client.askOlder();
    assertSame(client, log, seed);
    assert.equal(client.copy.messages.length, log.messages.size);
  }
});

test("answering every hole at once keeps the store at the head whenever an event arrives", () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = seeded(seed);
    const log = new Log();
    const client = new Client(log, random);
    client.store.on("hole", () => client.fill());
    for (let step = 0; step < STEPS; step++) {
      const event = act(log, random);
      if (random() < 0.3) continue;
      client.store.apply(event);
      assertSame(client, log, seed);
    }
  }
});
