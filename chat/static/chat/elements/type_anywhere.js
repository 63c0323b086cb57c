/** Whoever types where nothing takes text means the composer: the focus may have gone with a click. */

const TAKES_TEXT = "input, textarea, select, [contenteditable]";

/** @param {import("./composer.js").Composer} composer */
export function typeAnywhere(composer) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.target.closest?.(TAKES_TEXT) || document.querySelector("dialog[open]")) return;
    // The key itself goes to where the focus is after this.
    if (isText(event) || isPaste(event)) composer.focus();
  });
}

/** The space bar presses buttons and scrolls. */
function isText(event) {
  const isShortcut = event.altKey || event.ctrlKey || event.metaKey;
  return [...event.key].length === 1 && event.key !== " " && (!isShortcut || event.getModifierState("AltGraph"));
}

function isPaste(event) {
  return event.key.toLowerCase() === "v" && (event.ctrlKey || event.metaKey) && !event.altKey;
}
