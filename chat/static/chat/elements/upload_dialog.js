/** Asks for the description of a file, and whether it is a spoiler: the dialog `#upload-dialog` of the shell. */

import { byId, find, setText, show } from "../dom.js";
import { sizeText } from "../files/kinds.js";
import { drawLocalPicture } from "./local_picture.js";

/**
 * @import { ChosenFile, Uploads } from "../uploads/uploads.js"
 *
 * @typedef {object} Details
 * @property {"save" | "remove" | "earlier" | "later"} action
 * @property {string} alt
 * @property {boolean} spoiler
 */

const PREVIEW_PX = { width: 380, height: 240, isCropped: false };

/**
 * @param {ChosenFile} file
 * @param {{uploads: Uploads, limit: number, index: number, count: number}} place `limit` of the description, in
 *   characters; `index` of the file among `count`
 * @param {AbortSignal} signal closes the dialog
 * @returns {Promise<Details | null>} null when the person changes nothing
 */
export function askFileDetails(file, { uploads, limit, index, count }, signal) {
  const dialog = byId("upload-dialog", HTMLDialogElement);
  const alt = find(dialog, "textarea", HTMLTextAreaElement);
  const spoiler = find(dialog, "input[type=checkbox]", HTMLInputElement);
  setText(find(dialog, ".upload-title"), file.name);
  setText(find(dialog, ".upload-size"), sizeText(file.size));
  alt.maxLength = limit;
  alt.value = file.alt;
  spoiler.checked = file.spoiler;
  find(dialog, '[value="earlier"]', HTMLButtonElement).disabled = index === 0;
  find(dialog, '[value="later"]', HTMLButtonElement).disabled = index === count - 1;
  show(find(dialog, ".upload-order"), count > 1);
  void drawPreview(find(dialog, ".upload-preview"), file, uploads);
  dialog.showModal();
  const form = find(dialog, "form", HTMLFormElement);
  return new Promise((resolve) => {
    const ended = new AbortController();
    /** @param {Details | null} details */
    const end = (details) => {
      ended.abort();
      resolve(details);
    };
    // Not with "close", which comes later: a message that is sent at once would lack the description.
    const submitted = (/** @type {SubmitEvent} */ { submitter }) => {
      const action = /** @type {Details["action"]} */ (submitter?.getAttribute("value"));
      end(action ? { action, alt: alt.value.trim(), spoiler: spoiler.checked } : null);
    };
    form.addEventListener("submit", submitted, { signal: ended.signal });
    dialog.addEventListener("cancel", () => end(null), { signal: ended.signal });
    // A dialog that is open had been closed before: the event comes later, and was for the file before this one.
    dialog.addEventListener("close", () => !dialog.open && end(null), { signal: ended.signal });
    signal.addEventListener("abort", () => dialog.close(), { signal: ended.signal });
  });
}

/** @param {HTMLElement} place @param {ChosenFile} file @param {Uploads} uploads */
async function drawPreview(place, file, uploads) {
  place.replaceChildren();
  show(place, false);
  const canvas = document.createElement("canvas");
  place.append(canvas);
  const blob = file.type.startsWith("image/") ? await uploads.blob(file.id) : undefined;
  const isDrawn = blob !== undefined && (await drawLocalPicture(canvas, blob, PREVIEW_PX));
  // Meanwhile the dialog may be that of another file.
  if (canvas.isConnected) show(place, isDrawn);
}
