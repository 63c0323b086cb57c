import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { KnownPeople } from "../../static/chat/known_people.js";
import { Store } from "../../static/chat/store.js";
import { ALICE, BOB, GUEST, message, opened, person, state, welcome } from "./cast.js";

const ALICIA = person(1, "alice", { name: "Alicia", version: 3 });

/** Known people, and who changed of them by each event. */
function observed() {
  const people = new KnownPeople();
  /** @type {number[][]} */
  const changed = [];
  people.on("change", (ids) => changed.push([...ids]));
  return { people, changed };
}

describe("known people", () => {
  test("show the form with the highest version, in whatever order the forms come", () => {
    const people = new KnownPeople();
    for (const one of [ALICIA, ALICE.user, person(1, "alice", { name: "Al", version: 2 })]) people.learn([one]);
    assert.equal(people.nameOf(ALICE), "Alicia");
    assert.equal(people.name({ id: 1, name: "old" }), "Alicia");
    assert.equal(people.name({ id: 9, name: "Unknown Ulla" }), "Unknown Ulla");
    assert.equal(people.nameOf(GUEST), GUEST.guest.name);
  });

  test("tell who was shown in another form until now", () => {
    const { people, changed } = observed();
    people.learnFrom([message(1, { by: ALICE }), message(2, { by: GUEST }), BOB, GUEST]);
    assert.deepEqual(changed, []);
    people.learnFrom([{ user: ALICIA, guest: null }, BOB]);
    assert.deepEqual(changed, [[1]]);
  });

  test("tell of those who have changed, also when the page did not know them: quotes show their names", () => {
    const { people, changed } = observed();
    people.update([ALICIA]);
    people.learn([BOB.user]);
    assert.deepEqual(changed, [[1]]);
    assert.equal(people.nameOf(ALICE), "Alicia");
  });

  test("hide a status that is over, and tell once that it ended", () => {
    let now = Date.parse("2026-01-01T10:00:00Z");
    const people = new KnownPeople(0, () => now);
    const status = { emoji: "🌴", text: "Away", until: "2026-01-01T10:05:00Z" };
    people.learn([person(1, "alice", { status })]);
    assert.equal(people.statusOf(ALICE)?.text, "Away");
    const before = now;
    now += 6 * 60_000;
    assert.equal(people.statusOf(ALICE), null);
    assert.deepEqual([people.statusEndedSince(before), people.statusEndedSince(now)], [[1], []]);
  });
});

describe("the store", () => {
  test("learns people from messages and says who changed by an event", () => {
    const store = new Store(welcome({ you: BOB }));
    store.applyOpen(opened([message(1, { by: ALICE })]));
    /** @type {number[][]} */
    const changed = [];
    store.on("people", ({ ids }) => changed.push([...ids]));
    store.apply({ type: "person", person: ALICIA });
    assert.deepEqual(changed, [[1]]);
    assert.equal(store.people.nameOf(ALICE), "Alicia");
  });

  test("calls a direct room by the new name of its people, and the reader by theirs", () => {
    const rooms = [state("direct-1", { kind: "direct", people: [ALICE.user, BOB.user] })];
    const store = new Store(welcome({ you: ALICE, rooms }));
    store.apply({ type: "person", person: ALICIA });
    assert.equal(store.rooms.get("direct-1")?.people[0]?.name, "Alicia");
    assert.equal(store.you.user?.name, "Alicia");
  });

  test("asks for changes since the welcome whose changes it has completely", () => {
    const store = new Store(welcome({ people_version: 3 }));
    store.apply(welcome({ people_version: 5 }));
    assert.deepEqual([store.people.version, store.people.latest], [3, 5]);
    store.people.applyChanges({ type: "reply", ref: null, people: [ALICIA], upto: 4, more: true });
    assert.equal(store.people.version, 4);
    store.people.applyChanges({ type: "reply", ref: null, people: [], upto: 4, more: false });
    assert.equal(store.people.version, 5);
  });

  test("forgets the people of another epoch, whose versions may be lower", () => {
    const store = new Store(welcome({ people_version: 3 }));
    store.apply({ type: "person", person: ALICIA });
    store.apply(welcome({ epoch: "e2", people_version: 1 }));
    assert.equal(store.people.nameOf(ALICE), "alice");
    assert.equal(store.people.version, 1);
  });
});
