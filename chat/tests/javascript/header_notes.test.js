/** Headers that the server received, compared with what the page knows its browser to have sent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { missing, noteOn } from "../../static/chat/wire/header_notes.js";

const facts = {
  host: "chat.example.org",
  origin: "https://chat.example.org",
  userAgent: "Browser/1",
  languages: ["de-CH", "en"],
  offered: ["chat"],
};
const kind = (name, value) => noteOn({ name, value, masked: false }, facts).kind;

test("a header that arrived as the browser sent it is the same", () => {
  for (const [name, value] of [
    ["Host", "chat.example.org"],
    ["origin", "https://chat.example.org"],
    ["User-Agent", "Browser/1"],
    ["Connection", "keep-alive, Upgrade"],
    ["Upgrade", "WebSocket"],
    ["Sec-WebSocket-Protocol", "chat"],
    ["Accept-Language", "de-CH,de;q=0.9,en;q=0.8"],
  ]) assert.equal(kind(name, value), "same", name);
});

test("a header that a proxy changed is named, with what the browser sent", () => {
  for (const [name, value] of [["Host", "127.0.0.1:3368"], ["Origin", "http://chat.example.org"], ["Connection", "close"], ["Accept-Language", "fr"]]) {
    assert.equal(kind(name, value), "changed", name);
  }
  assert.equal(noteOn({ name: "Host", value: "backend", masked: false }, facts).sent, "chat.example.org");
});

test("a header that only proxies send is theirs", () => {
  for (const name of ["X-Forwarded-For", "x-forwarded-proto", "Forwarded", "Via", "X-Real-IP", "CF-Ray", "X-Request-ID", "X-Amz-Cf-Id"]) {
    assert.equal(kind(name, "x"), "proxy", name);
  }
});

test("a header that the browser hides from pages, and an unknown one, are not called the same", () => {
  assert.equal(kind("Sec-WebSocket-Key", "x"), "browser");
  assert.equal(kind("Cookie", "sessionid=•••"), "browser");
  assert.equal(kind("X-Odd", "x"), "unknown");
});

test("a header that the browser always sends and that did not arrive is missing", () => {
  const headers = ["Host", "upgrade"].map((name) => ({ name, value: "a", masked: false }));
  const names = missing(headers, { ...facts, offered: [] }).map(({ name }) => name);
  assert.deepEqual(names.sort(), ["connection", "origin", "sec-websocket-version", "user-agent"]);
});
