import assert from "node:assert/strict";
import { test } from "node:test";

import { Crop, MAX_ZOOM } from "../../static/chat/profile/crop.js";

test("the square begins in the middle, as large as the image allows", () => {
  const crop = new Crop(300, 200);
  assert.deepEqual([crop.side, crop.corner], [200, { left: 50, top: 0 }]);
});

test("the square never leaves the image", () => {
  const crop = new Crop(300, 200);
  crop.move(5, 5);
  assert.deepEqual(crop.corner, { left: 100, top: 0 });
  crop.setZoom(2);
  crop.move(-9, -9);
  assert.deepEqual(crop.corner, { left: 0, top: 0 });
  crop.move(9, 9);
  crop.setZoom(1);
  assert.deepEqual(crop.corner, { left: 100, top: 0 });
});

test("the zoom has limits", () => {
  const crop = new Crop(300, 200);
  crop.setZoom(1000);
  assert.equal(crop.zoom, MAX_ZOOM);
  crop.setZoom(0);
  assert.equal(crop.zoom, 1);
});
