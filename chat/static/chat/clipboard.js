/** Text into the clipboard. */

/** @param {string} text @returns {Promise<boolean>} whether it is there now */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Only secure pages have that clipboard; a site in a local network may be plain HTTP.
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const former = document.activeElement;
  const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  former?.focus({ preventScroll: true });
  return done;
}
