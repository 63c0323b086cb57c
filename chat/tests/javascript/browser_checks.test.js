/** The checks of the connection doctor that a browser makes, against sites and proxies that do something wrong. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { BROWSER_CHECKS, resultOf } from "../../static/chat/wire/browser_checks.js";
import { reportText } from "../../static/chat/wire/check_report.js";
import { NotChecked, askServer } from "../../static/chat/wire/server_checks.js";
import { clockNow, releaseClock, stopClock, tick } from "./clock.js";

beforeEach(stopClock);
afterEach(releaseClock);

const WELCOME = JSON.stringify({ type: "welcome" });

/** A class of sockets whose other side behaves as `site` says. */
function socketOf(site) {
  return class {
    protocol = site.protocol ?? "chat";
    extensions = site.extensions ?? "";
    /** @type {(event: {data: string}) => void} */
    onmessage;
    /** @type {(event: {code: number, wasClean: boolean}) => void} */
    onclose;
    #listeners = [];

    constructor() {
      site.opened = (site.opened ?? 0) + 1;
      const refuses = site.refuses?.(site.opened);
      setTimeout(() => (refuses ? this.#end(1006) : site.isSilent || this.onmessage({ data: site.first ?? WELCOME })), 5);
      if (site.endsAfterMs) setTimeout(() => this.#end(1006), site.endsAfterMs);
    }

    send(text) {
      const { ref, padding = "" } = JSON.parse(text);
      if (padding.length > (site.limit ?? Infinity)) return setTimeout(() => this.#end(1009), 5);
      const answer = JSON.stringify({ type: "reply", ref });
      return setTimeout(() => this.onmessage({ data: answer }), site.delay?.(ref) ?? 5);
    }

    close(code = 1005) {
      setTimeout(() => this.#end(site.closeCode ?? code), 5);
    }

    addEventListener(_name, listener) {
      this.#listeners.push(listener);
    }

    #end(code) {
      this.onclose({ code, wasClean: code === 1000 });
      for (const listener of this.#listeners) listener();
    }
  };
}

/** What the check called `name` finds. @param {string} name @param {object} [site] @param {object} [environment] */
async function find(name, site = {}, environment = {}) {
  const all = {
    url: "ws://site/chat",
    path: "/chat",
    http: "h2",
    isSecure: true,
    isLocal: false,
    idleMs: 45_000,
    skip: new AbortController().signal,
    WebSocket: socketOf(site),
    fetch: async () => ({ status: 426, type: "basic" }),
    now: clockNow,
    ...environment,
  };
  const { check } = BROWSER_CHECKS.find((each) => each.name === name);
  let found;
  resultOf(check, /** @type {any} */ (all)).then((result) => (found = result));
  for (let step = 0; step < 3000 && !found; step++) await tick(20);
  return found;
}

test("nothing is wrong with a site that works", async () => {
  for (const { name } of BROWSER_CHECKS) assert.equal((await find(name)).outcome, "ok", name);
});

test("a page without TLS is warned of, but not on one's own machine", async () => {
  assert.equal((await find("page", {}, { isSecure: false })).outcome, "warning");
  assert.equal((await find("page", {}, { isSecure: false, isLocal: true })).outcome, "ok");
});

test("another answer to plain HTTP than 426 is named", async () => {
  const answers = { 404: "advice_path", 502: "advice_backend", 200: "advice_path" };
  for (const [status, advice] of Object.entries(answers)) {
    const found = await find("plain", {}, { fetch: async () => ({ status: Number(status), type: "basic" }) });
    assert.deepEqual([found.outcome, found.advice, found.values.status], ["failed", advice, Number(status)]);
  }
  const redirect = await find("plain", {}, { fetch: async () => ({ status: 0, type: "opaqueredirect" }) });
  assert.equal(redirect.sentence, "doctor_plain_redirect");
  const lost = await find("plain", {}, { fetch: async () => Promise.reject(new TypeError("network")) });
  assert.equal(lost.sentence, "doctor_unreachable");
});

test("a socket that does not open, or opens and stays silent, is named", async () => {
  const closed = await find("upgrade", { refuses: () => true });
  assert.deepEqual([closed.sentence, closed.values.code], ["doctor_upgrade_closed", 1006]);
  assert.equal((await find("upgrade", { isSilent: true })).sentence, "doctor_upgrade_silent");
  const first = JSON.stringify({ type: "error", code: "banned", detail: "Not you." });
  assert.deepEqual((await find("upgrade", { first })).values, { reason: "Not you." });
});

test("a missing subprotocol and compression are named", async () => {
  assert.equal((await find("subprotocol", { protocol: "" })).outcome, "failed");
  const found = await find("compression", { extensions: "permessage-deflate" });
  assert.deepEqual([found.outcome, found.values.extensions], ["warning", "permessage-deflate"]);
});

test("answers that arrive together although they were sent apart are named", async () => {
  const found = await find("buffering", { delay: (ref) => (ref % 2 ? 405 : 205) });
  assert.equal(found.outcome, "warning");
  assert.ok(found.values.gap < 100);
});

test("answers that arrived together once, on a busy computer, are asked for again", async () => {
  assert.equal((await find("buffering", { delay: (ref) => (ref === 1 ? 405 : 205) })).outcome, "ok");
});

test("a limit for frames below 64 KiB is named", async () => {
  const found = await find("large", { limit: 16_000 });
  assert.deepEqual([found.sentence, found.values], ["doctor_large_closed", { size: 64, code: 1009 }]);
});

test("a close without an answer, and a refused second connection, are named", async () => {
  assert.equal((await find("reconnect", { closeCode: 1006 })).sentence, "doctor_close");
  assert.equal((await find("reconnect", { refuses: (count) => count > 1 })).sentence, "doctor_reconnect_refused");
});

test("a quiet socket that is ended is named, and when", async () => {
  const found = await find("idle", { endsAfterMs: 10_000 });
  assert.deepEqual([found.outcome, found.values.seconds, found.values.code], ["failed", 10, 1006]);
});

test("the wait on a quiet socket can be skipped", async () => {
  const skipping = new AbortController();
  setTimeout(() => skipping.abort(), 3_000);
  const found = await find("idle", {}, { skip: skipping.signal });
  assert.deepEqual([found.outcome, found.values.seconds], ["skipped", 3]);
});

test("results of the server arrive one by one, wherever its text is divided", async () => {
  const lines = [{ name: "a", sentence: "é" }, { name: "b", sentence: "b" }];
  const bytes = new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  for (let cut = 0; cut <= bytes.length; cut++) {
    const parts = [bytes.slice(0, cut), bytes.slice(cut)].filter(({ length }) => length > 0);
    const body = new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });
    const request = async () => new Response(body);
    const results = [];
    for await (const result of askServer("/wire/checks/", "token", { request })) results.push(result);
    assert.deepEqual(results, lines);
  }
});

test("a refusal of the server is passed on, an error page is not", async () => {
  const json = { status: 429, headers: { "Content-Type": "application/json" } };
  const refusal = new Response(JSON.stringify({ detail: "Too many." }), json);
  await assert.rejects(askServer("/", "", { request: async () => refusal }).next(), new NotChecked("Too many."));
  const page = new Response("<html>", { status: 403, headers: { "Content-Type": "text/html" } });
  await assert.rejects(askServer("/", "", { request: async () => page }).next(), new NotChecked(""));
});

test("the report has a line for each result, and the advice below it", () => {
  const lines = [
    { title: "Upgrade", outcome: "Failed", sentence: "No.", advice: "Change it." },
    { title: "Page", outcome: "OK", sentence: "Yes.", advice: "" },
  ];
  const text = reportText(["Report", "today"], [{ heading: "Browser", lines }, { heading: "Server", lines: [] }]);
  assert.equal(text, "Report\ntoday\n\nBrowser\nFailed  Upgrade: No.\n        → Change it.\nOK      Page: Yes.\n");
});
