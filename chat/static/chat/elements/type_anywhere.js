/** Focuses the composer when a person types outside of a text field, for example after a click on a message. */

import { closest } from "../dom.js";

/** @import { Zone } from "./composer_zone.js" */

/** Elements for which a key is a text. */
export const TAKES_TEXT = "input, textarea, select, [contenteditable]";

/** @param {{focus: () => void}} composer @param {Zone} zone @param {AbortSignal} signal */
export function typeAnywhere(composer, zone, signal) {
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.defaultPrevented || !zone.has(event) || closest(event, TAKES_TEXT)) return;
    // It shows the keys (shortcuts.js).
    if (event.key === "?") return;
    // The browser delivers the key's text to the element that has the focus after this listener.
    if (isText(event) || isPaste(event)) composer.focus();
  };
  document.addEventListener("keydown", pressed, { signal });
}

/** The space bar is not text here: it presses buttons and scrolls. @param {KeyboardEvent} event */
function isText(event) {
  const isShortcut = event.altKey || event.ctrlKey || event.metaKey;
  return [...event.key].length === 1 && event.key !== " " && (!isShortcut || event.getModifierState("AltGraph"));
}

/** @param {KeyboardEvent} event */
function isPaste(event) {
  return event.key.toLowerCase() === "v" && (event.ctrlKey || event.metaKey) && !event.altKey;
}
