/** Draws an emoji: a character, or the picture of one of the site's own, `:name:`. */

import { customName } from "../custom_emoji.js";
import { setText } from "../dom.js";

/** @import { Addresses } from "../wire.d.ts" */

/** @param {HTMLElement} element @param {string} emoji @param {Addresses} urls */
export function drawEmoji(element, emoji, urls) {
  const name = customName(emoji);
  if (name === undefined) return setText(element, emoji);
  if (element.querySelector("img")?.alt === emoji) return;
  const picture = Object.assign(document.createElement("img"), { className: "emoji", alt: emoji, loading: "lazy" });
  // It was removed: its name is shown.
  picture.addEventListener("error", () => picture.parentElement === element && (element.textContent = emoji));
  picture.src = urls.custom_emoji_picture.replace("__name__", encodeURIComponent(name));
  element.replaceChildren(picture);
}
