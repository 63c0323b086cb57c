import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Emitter } from "../../static/chat/emitter.js";
import { Navigation } from "../../static/chat/navigation.js";
import { Places } from "../../static/chat/places.js";
import { CommandError } from "../../static/chat/protocol.js";

/** @import { Showing, Shown } from "../../static/chat/navigation.js" */

const ORIGIN = "https://chat.example.org";
const places = new Places({ home: "/chat/", room: "/chat/rooms/__slug__/", search: "/chat/search/" }, ORIGIN);

describe("an address", () => {
  const at = (path) => places.at(new URL(path, ORIGIN));

  test("of a room, or of the home page", () => {
    assert.deepEqual(at("/chat/rooms/tea/"), { room: "tea" });
    assert.deepEqual(at("/chat/rooms/tea/#timeline"), { room: "tea" });
    assert.deepEqual(at("/chat/"), { room: null });
  });

  test("of a room whose slug is not ASCII, both ways", () => {
    assert.equal(places.pathOf("茶"), "/chat/rooms/%E8%8C%B6/");
    assert.deepEqual(at(places.pathOf("茶")), { room: "茶" });
  });

  test("of a search, with what is asked", () => {
    assert.deepEqual(at("/chat/search/"), { room: null, asked: { query: "", order: "newest" } });
    const asked = { query: "tea from:me", order: "best" };
    assert.deepEqual(at("/chat/search/?q=tea+from%3Ame&order=best"), { room: null, asked });
    assert.deepEqual(at("/chat/search/?q=&order=worst").asked, { query: "", order: "newest" });
  });

  for (const path of [
    "/chat/rooms/",
    "/chat/rooms//",
    "/chat/rooms/tea",
    "/chat/rooms/tea/leave/",
    "/chat/rooms/tea/?next=1",
    "/chat/rooms/%ff/",
    "/chat/rooms/__slug__/x/",
    "/rooms/tea/",
    "/admin/",
    "/",
    "https://elsewhere.example.org/chat/rooms/tea/",
    "mailto:someone@example.org",
  ]) {
    test(`of another page: ${path}`, () => assert.equal(at(path), null));
  }
});

/**
 * What a shell does, without rooms: `answer` decides how `showRoom` ends.
 * @implements {Shown}
 */
class FakeShell extends Emitter {
  room = "tea";
  showsRooms = true;
  shown = [];
  notices = [];
  tab = { notice: { showError: ({ code }) => this.notices.push(code) } };
  /** @param {string} _room @returns {Promise<void>} */
  answer = async (_room) => {};

  /** @param {string} room @param {Showing} [showing] */
  async showRoom(room, { at, onShow } = {}) {
    if (room === this.room) return;
    await this.answer(room);
    onShow?.();
    this.room = room;
    this.shown.push([room, at]);
  }

  /** @param {{query: string}} asked @param {Showing} [showing] */
  showSearch(asked, { onShow } = {}) {
    onShow?.();
    this.room = undefined;
    this.shown.push([null, asked.query]);
  }

  /** @param {Showing} [showing] */
  showHome({ onShow } = {}) {
    onShow?.();
    this.room = undefined;
    this.shown.push([null]);
  }
}

describe("the way to a room", () => {
  let shell, browser, navigation, loaded, pushed, replaced;

  beforeEach(() => {
    [loaded, pushed, replaced] = [[], [], []];
    shell = new FakeShell();
    const location = {
      href: `${ORIGIN}/chat/rooms/tea/`,
      assign: (href) => loaded.push(href),
      reload: () => loaded.push("again"),
    };
    browser = {
      location,
      history: {
        pushState: (_state, _title, url) => pushed.push((location.href = String(url))),
        replaceState: (_state, _title, url) => replaced.push((location.href = String(new URL(url, ORIGIN)))),
      },
    };
    navigation = new Navigation(shell, places, browser);
  });

  test("to the search, and on from one search to another, is one step back", () => {
    assert.ok(navigation.follow("/chat/search/?q=tea"));
    assert.ok(navigation.follow("/chat/search/?q=cake"));
    shell.emit("address", "/chat/search/?q=cakes");
    const path = `${ORIGIN}/chat/search/?q`;
    assert.deepEqual([pushed, replaced], [[`${path}=tea`], [`${path}=cake`, `${path}=cakes`]]);
    assert.deepEqual(shell.shown, [[null, "tea"], [null, "cake"]]);
    navigation.returned();
    browser.location.href = `${path}=tea`;
    navigation.returned();
    assert.deepEqual([shell.shown.at(-1), shell.shown.length, loaded], [[null, "tea"], 3, []]);
  });

  const settled = () => new Promise((resolve) => setTimeout(resolve));
  const fail = (code) => {
    shell.answer = async () => {
      throw new CommandError({ code });
    };
  };

  test("changes the address when the room is shown, not before", async () => {
    let arrive;
    shell.answer = () => new Promise((resolve) => (arrive = resolve));
    assert.ok(navigation.follow("/chat/rooms/garden/"));
    await settled();
    assert.deepEqual(pushed, []);
    arrive();
    await settled();
    assert.deepEqual([shell.shown, pushed], [[["garden", undefined]], [`${ORIGIN}/chat/rooms/garden/`]]);
  });

  test("to the room that is shown adds nothing to the history", async () => {
    assert.ok(navigation.follow("/chat/rooms/tea/"));
    await settled();
    assert.deepEqual([shell.shown, pushed, loaded], [[], [], []]);
  });

  test("back and forward go to the place that was left, and leave the history as it is", async () => {
    browser.location.href = `${ORIGIN}/chat/rooms/garden/`;
    navigation.returned();
    await settled();
    assert.deepEqual([shell.shown, pushed, loaded], [[["garden", "left"]], [], []]);
  });

  test("out of a sheet, or to a place within the page, shows the room as it is", async () => {
    shell.showRoom = async (room, showing) => void shell.shown.push([room, showing?.at]);
    navigation.returned();
    browser.location.href += "#timeline";
    navigation.returned();
    await settled();
    assert.deepEqual([shell.shown, loaded], [[], []]);
    browser.location.href = `${ORIGIN}/chat/rooms/tea/5/`;
    navigation.returned();
    assert.deepEqual(shell.shown, [["tea", 5]]);
  });

  test("leaves other pages, and places within the page, to the browser", () => {
    for (const href of ["/chat/rooms/tea/leave/", "/admin/", "https://example.org/", "#composer"]) {
      assert.ok(!navigation.follow(href), href);
    }
    browser.location.href = `${ORIGIN}/admin/`;
    navigation.returned();
    assert.deepEqual(loaded, ["again"]);
  });

  test("leads to the home page, and back to it, without a page load", () => {
    assert.ok(navigation.follow("/chat/"));
    assert.deepEqual([shell.shown, pushed], [[[null]], [`${ORIGIN}/chat/`]]);
    const returnTo = (path) => {
      browser.location.href = ORIGIN + path;
      navigation.returned();
    };
    returnTo("/chat/rooms/tea/");
    returnTo("/chat/");
    assert.deepEqual([shell.shown.at(-1), loaded], [[null], []]);
  });

  test("loads the pages of rooms where this page has no place for them", () => {
    shell.showsRooms = false;
    assert.ok(!navigation.follow("/chat/rooms/garden/"));
    navigation.goToRoom("garden");
    assert.deepEqual([shell.shown, loaded], [[], ["/chat/rooms/garden/"]]);
  });

  test("loads the server's page when the person may not see the room", async () => {
    fail("not_found");
    navigation.follow("/chat/rooms/den/");
    await settled();
    assert.deepEqual([loaded, pushed], [[`${ORIGIN}/chat/rooms/den/`], []]);
    browser.location.href = `${ORIGIN}/chat/rooms/den/`;
    navigation.returned();
    await settled();
    assert.equal(loaded.at(-1), "again");
  });

  test("loads the server's page when that is known only after the room was shown", () => {
    shell.emit("gone", "den");
    assert.deepEqual(loaded, []);
    browser.location.href = `${ORIGIN}/chat/rooms/den/`;
    shell.emit("gone", "den");
    assert.deepEqual(loaded, ["again"]);
  });

  test("without a connection says so, and the address stays that of the room that is shown", async () => {
    fail("lost");
    navigation.follow("/chat/rooms/den/");
    await settled();
    assert.deepEqual([shell.notices, loaded, pushed], [["lost"], [], []]);
    browser.location.href = `${ORIGIN}/chat/rooms/den/`;
    navigation.returned();
    await settled();
    assert.deepEqual([loaded, replaced], [[], [`${ORIGIN}/chat/rooms/tea/`]]);
  });
});
