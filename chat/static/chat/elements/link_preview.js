/** Draws the previews of the links in a message. */

import { find, fromTemplate, setText, show } from "../dom.js";

/** @import { Preview } from "../wire.d.ts" */

/** CSS pixels. A picture that is less wide, or about as high as wide, is shown small beside the text. */
const WIDE_PX = 300;
const WIDE_RATIO = 1.3;
const ICON_PX = 16;

/**
 * Draw the previews of a message. What has been drawn stays, so that pictures do not flicker.
 * @param {HTMLElement} list
 * @param {Preview[]} previews
 */
export function drawPreviews(list, previews) {
  const known = new Map([...list.children].map((item) => [/** @type {HTMLElement} */ (item).dataset.url, item]));
  list.replaceChildren(...previews.map((preview) => known.get(preview.url) ?? makePreview(preview)));
}

/** @param {Preview} preview @returns {HTMLElement} */
function makePreview(preview) {
  const { url, title, description, site } = preview;
  const item = fromTemplate("preview-template");
  item.dataset.url = url;
  const link = find(item, ".preview-link", HTMLAnchorElement);
  link.href = url;
  setText(find(item, ".preview-host"), site);
  setText(find(item, ".preview-title"), title);
  const text = find(item, ".preview-text");
  setText(text, description);
  show(text, description !== "");
  if (preview.icon) find(item, ".preview-site").prepend(image(preview.icon, ICON_PX, ICON_PX));
  drawPicture(item, link, preview);
  return item;
}

/** @param {HTMLElement} item @param {HTMLElement} link @param {Preview} preview */
function drawPicture({ classList }, link, { picture, width, height }) {
  if (!picture || !width || !height) return;
  const isWide = width >= WIDE_PX && width / height >= WIDE_RATIO;
  classList.add(isWide ? "wide" : "small");
  const drawn = image(picture, width, height);
  drawn.className = "preview-picture";
  link.append(drawn);
}

/** The size keeps the place, so that nothing moves when the picture comes. @param {string} src @param {number} width @param {number} height */
function image(src, width, height) {
  const made = document.createElement("img");
  made.alt = "";
  made.loading = "lazy";
  made.decoding = "async";
  made.width = width;
  made.height = height;
  // Deleted, or no longer to be seen.
  made.addEventListener("error", () => made.remove());
  made.src = src;
  return made;
}
