import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Correction, Draft } from "../../static/chat/drafts.js";
import { clearStaleStorage, clearStorage } from "../../static/chat/storage_keys.js";

const EMPTY = { text: "", reply: null, files: [] };
const QUOTED = { id: 7, name: "bob", text: "Tea?" };

/** A storage like the browser's, whose keys are its own properties. */
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
const tab = (owner = "u:1", room = "tea", thread = null) => new Draft(storage, owner, room, thread);

beforeEach(() => {
  storage = aStorage();
});

describe("a draft", () => {
  test("survives a reload, with the message that it answers", () => {
    tab().write({ text: "half a thought", reply: QUOTED, files: [] });
    assert.deepEqual(tab().read(), { text: "half a thought", reply: QUOTED, files: [] });
  });

  test("belongs to one person in one room or one thread", () => {
    tab().write({ text: "mine", reply: null, files: [] });
    assert.deepEqual(tab("u:2").read(), EMPTY);
    assert.deepEqual(tab("u:1", "den").read(), EMPTY);
    assert.deepEqual(tab("u:1", "tea", 7).read(), EMPTY);
    tab("u:1", "tea", 7).write({ text: "in the thread", reply: null, files: [] });
    assert.deepEqual([tab().read().text, tab("u:1", "tea", 7).read().text], ["mine", "in the thread"]);
  });

  test("is sent with the same client_id by two tabs that show it", () => {
    const [one, two] = [tab(), tab()];
    one.write({ text: "once", reply: null, files: [] });
    const shown = two.read();
    const first = one.take({ text: "once", reply: null, files: [] });
    assert.equal(two.take(shown), first);
    assert.deepEqual(tab().read(), EMPTY);
  });

  test("has another client_id after one of two tabs changed it, so that both texts are stored", () => {
    const [one, two] = [tab(), tab()];
    one.write({ text: "once", reply: null, files: [] });
    two.read();
    two.write({ text: "once more", reply: null, files: [] });
    assert.notEqual(one.take({ text: "once", reply: null, files: [] }), two.take({ text: "once more", reply: null, files: [] }));
  });

  test("of another tab stays when this tab sends its own", () => {
    const [one, two] = [tab(), tab()];
    one.write({ text: "first", reply: null, files: [] });
    two.write({ text: "second", reply: null, files: [] });
    one.take({ text: "first", reply: null, files: [] });
    assert.equal(tab().read().text, "second");
  });

  test("has a new client_id when the same text is sent again", () => {
    const one = tab();
    const sendAgain = () => {
      one.write({ text: "ok", reply: null, files: [] });
      return one.take({ text: "ok", reply: null, files: [] });
    };
    assert.notEqual(sendAgain(), sendAgain());
  });

  test("is removed from the storage when it becomes empty", () => {
    const one = tab();
    one.write({ text: "x", reply: null, files: [] });
    one.write(EMPTY);
    assert.deepEqual(Object.keys(storage), []);
  });

  test("is empty, without an error, when the storage is corrupt or full", () => {
    storage["parley.draft.u:1.tea"] = "{not json";
    assert.deepEqual(tab().read(), EMPTY);
    Object.getPrototypeOf(storage).setItem = () => {
      throw new Error("QuotaExceededError");
    };
    tab().write({ text: "x", reply: null, files: [] });
  });
});

test("an edit survives a reload until it is cleared, and clearing the edit of another message leaves it", () => {
  const correction = new Correction(storage, "u:1", "tea");
  correction.write({ id: 5, text: "wrong" }, "right");
  const reloaded = new Correction(storage, "u:1", "tea");
  assert.deepEqual(reloaded.read(), { message: { id: 5, text: "wrong" }, body: "right" });
  reloaded.clear(4);
  assert.equal(reloaded.read().body, "right");
  reloaded.clear(5);
  assert.equal(reloaded.read(), null);
});

describe("the storage", () => {
  beforeEach(() => {
    for (const owner of ["u:1", "u:12", "g:Calm Otter 12"]) tab(owner).write({ text: owner, reply: null, files: [] });
    storage.setItem("parley.outbox.u:1", "[]");
    storage.setItem("parley.outbox.u:1:alice", "[]");
    storage.setItem("other.u:1", "not ours");
  });

  test("loses what a person has there when they sign out, and nothing of others", () => {
    clearStorage(storage, "u:1");
    assert.deepEqual(
      Object.keys(storage).sort(),
      ["other.u:1", "parley.draft.g:Calm Otter 12.tea", "parley.draft.u:12.tea", "parley.outbox.u:1:alice"],
    );
  });

  test("loses what former guests and former versions of Parley left there", () => {
    clearStaleStorage(storage, "u:12");
    assert.deepEqual(
      Object.keys(storage).sort(),
      ["other.u:1", "parley.draft.u:1.tea", "parley.draft.u:12.tea", "parley.outbox.u:1"],
    );
  });
});
