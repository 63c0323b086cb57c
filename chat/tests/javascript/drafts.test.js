import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Correction, Draft } from "../../static/chat/drafts.js";
import { forget, forgetStrays } from "../../static/chat/kept.js";

const EMPTY = { text: "", reply: null };
const QUOTED = { id: 7, name: "bob", text: "Tea?" };

/** A browser's storage, whose keys are its own properties as there. */
function aStorage() {
  const methods = {
    getItem: (key) => (Object.hasOwn(storage, key) ? storage[key] : null),
    setItem: (key, value) => void (storage[key] = String(value)),
    removeItem: (key) => void delete storage[key],
  };
  const storage = Object.create(methods);
  return storage;
}

let storage;
const tab = (owner = "u:1", room = "tea") => new Draft(storage, owner, room);

beforeEach(() => {
  storage = aStorage();
});

describe("a draft", () => {
  test("survives a reload, with what it answers", () => {
    tab().write({ text: "half a thou", reply: QUOTED });
    assert.deepEqual(tab().read(), { text: "half a thou", reply: QUOTED });
  });

  test("is one person's in one room", () => {
    tab().write({ text: "mine", reply: null });
    assert.deepEqual(tab("u:2").read(), EMPTY);
    assert.deepEqual(tab("u:1", "den").read(), EMPTY);
  });

  test("that two tabs show is sent under one client_id", () => {
    const [one, two] = [tab(), tab()];
    one.write({ text: "once", reply: null });
    const shown = two.read();
    const first = one.take({ text: "once", reply: null });
    assert.equal(two.take(shown), first);
    assert.deepEqual(tab().read(), EMPTY);
  });

  test("that one of them changed has another client_id: nothing that was written is lost", () => {
    const [one, two] = [tab(), tab()];
    one.write({ text: "once", reply: null });
    two.read();
    two.write({ text: "once more", reply: null });
    assert.notEqual(one.take({ text: "once", reply: null }), two.take({ text: "once more", reply: null }));
  });

  test("that another tab began meanwhile stays when this one sends its own", () => {
    const [one, two] = [tab(), tab()];
    one.write({ text: "first", reply: null });
    two.write({ text: "second", reply: null });
    one.take({ text: "first", reply: null });
    assert.equal(tab().read().text, "second");
  });

  test("has a new client_id when the same is said again", () => {
    const one = tab();
    const say = () => {
      one.write({ text: "ok", reply: null });
      return one.take({ text: "ok", reply: null });
    };
    assert.notEqual(say(), say());
  });

  test("of which nothing is left leaves nothing behind", () => {
    const one = tab();
    one.write({ text: "x", reply: null });
    one.write(EMPTY);
    assert.deepEqual(Object.keys(storage), []);
  });

  test("in a storage that is broken or full is empty, and no error", () => {
    storage["parley.draft.u:1.tea"] = "{not json";
    assert.deepEqual(tab().read(), EMPTY);
    Object.getPrototypeOf(storage).setItem = () => {
      throw new Error("QuotaExceededError");
    };
    tab().write({ text: "x", reply: null });
  });
});

test("a correction survives a reload, until it is stored; a later one stays", () => {
  const correction = new Correction(storage, "u:1", "tea");
  correction.write({ id: 5, text: "wrong" }, "right");
  const reloaded = new Correction(storage, "u:1", "tea");
  assert.deepEqual(reloaded.read(), { message: { id: 5, text: "wrong" }, body: "right" });
  reloaded.clear(4);
  assert.equal(reloaded.read().body, "right");
  reloaded.clear(5);
  assert.equal(reloaded.read(), null);
});

describe("what is kept", () => {
  beforeEach(() => {
    for (const owner of ["u:1", "u:12", "g:Calm Otter 12"]) tab(owner).write({ text: owner, reply: null });
    storage.setItem("parley.outbox.u:1", "[]");
    storage.setItem("parley.outbox.u:1:alice", "[]");
    storage.setItem("other.u:1", "not ours");
  });

  test("of a person goes when they sign out, and nobody else's", () => {
    forget(storage, "u:1");
    assert.deepEqual(
      Object.keys(storage).sort(),
      ["other.u:1", "parley.draft.g:Calm Otter 12.tea", "parley.draft.u:12.tea", "parley.outbox.u:1:alice"],
    );
  });

  test("of former guests, and under a person's name, goes with the next page", () => {
    forgetStrays(storage, "u:12");
    assert.deepEqual(
      Object.keys(storage).sort(),
      ["other.u:1", "parley.draft.u:1.tea", "parley.draft.u:12.tea", "parley.outbox.u:1"],
    );
  });
});
