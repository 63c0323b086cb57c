import assert from "node:assert/strict";
import { test } from "node:test";

import { boxOf, wideOf } from "../../static/chat/files/box.js";
import { extensionOf, kindOf, sizeText } from "../../static/chat/files/kinds.js";
import { downloadUrl, fileUrl, madeUrl } from "../../static/chat/files/addresses.js";
import { loudnessOf, timeText } from "../../static/chat/files/waveform.js";
import { Zoom } from "../../static/chat/files/zoom.js";

const SCREEN = { width: 1000, height: 800 };

test("a large picture is shown as a whole, a small one as it is", () => {
  const zoom = new Zoom();
  zoom.fit({ width: 4000, height: 2000 }, SCREEN);
  assert.deepEqual([zoom.width, zoom.height, zoom.scale], [1000, 500, 1]);
  zoom.fit({ width: 100, height: 50 }, SCREEN);
  assert.deepEqual([zoom.width, zoom.height], [100, 50]);
});

test("zooming has ends, and goes back to the middle", () => {
  const zoom = new Zoom();
  zoom.fit({ width: 4000, height: 2000 }, SCREEN);
  zoom.by(0.1);
  assert.equal(zoom.scale, 1);
  zoom.by(1000);
  assert.equal(zoom.scale, 12);
  assert.ok(zoom.isAtEnd);
  zoom.moveTo(99999, 99999);
  assert.deepEqual([zoom.x, zoom.y], [(12_000 - 1000) / 2, (6000 - 800) / 2]);
  zoom.by(1 / 1000);
  assert.deepEqual([zoom.scale, zoom.x, zoom.y], [1, 0, 0]);
});

test("the point under the fingers stays where it is", () => {
  const zoom = new Zoom();
  zoom.fit({ width: 4000, height: 3200 }, SCREEN);
  zoom.by(2, { x: 200, y: 100 });
  // A point of the picture at 200 is at 400 from its middle now.
  assert.deepEqual([zoom.x, zoom.y], [-200, -100]);
});

test("a box has the ratio of its picture within bounds, and is never larger than the picture", () => {
  assert.deepEqual(boxOf(1600, 1000), { width: 400, ratio: 1.6 });
  assert.deepEqual(boxOf(1000, 2000), { width: 160, ratio: 0.5 });
  assert.deepEqual(boxOf(10, 30_000), { width: 48, ratio: 0.4 });
  assert.equal(boxOf(30_000, 10).ratio, 3);
  assert.equal(boxOf(100, 100).width, 100);
});

test("rows of two and three have no hole at the end", () => {
  for (let count = 2; count <= 10; count += 1) {
    const wide = wideOf(count);
    assert.ok(wide <= count);
    assert.equal(wide % 2, 0);
    assert.equal((count - wide) % 3, 0);
  }
});

test("files have a kind, a size and an extension", () => {
  const kinds = ["image/png", "video/quicktime", "audio/webm", "image/svg+xml", "application/pdf", "application/zip", "x/y"];
  assert.deepEqual(kinds.map((type) => kindOf({ type })), ["picture", "video", "audio", "text", "pdf", "archive", "document"]);
  globalThis.document ??= /** @type {any} */ ({ documentElement: { lang: "en" } });
  assert.deepEqual([0, 14, 3200, 1_450_000, 250_000_000].map(sizeText), ["0 bytes", "14 bytes", "3 kB", "1.5 MB", "250 MB"]);
  assert.deepEqual(["a.tar.gz", "README", "x.verylongname"].map(extensionOf), ["GZ", "", ""]);
});

test("a file that is called like a thumbnail can still be fetched", () => {
  const urls = /** @type {any} */ ({ files: "/files/" });
  assert.equal(fileUrl(urls, { id: 7, name: "a plan?.pdf" }), "/files/7/a%20plan%3F.pdf");
  assert.equal(fileUrl(urls, { id: 7, name: "thumb-360.webp" }), "/files/7/_thumb-360.webp");
  assert.equal(madeUrl(urls, { id: 7, name: "x" }, "thumb-360.webp"), "/files/7/thumb-360.webp");
  assert.equal(downloadUrl(urls, { id: 7, name: "x" }), "/files/7/x?download");
});

test("a waveform has the loudness of each part of a sound", () => {
  const samples = Float32Array.from({ length: 400 }, (_, at) => (at < 200 ? 0.25 : 0.5) * (at % 2 ? 1 : -1));
  assert.deepEqual(loudnessOf(samples, 4), [0.5, 0.5, 1, 1]);
  assert.deepEqual(loudnessOf(new Float32Array(10), 2), [0, 0]);
  assert.deepEqual([0, 65.9, 3600, Infinity, NaN].map(timeText), ["0:00", "1:05", "60:00", "0:00", "0:00"]);
});
