/** Draws a file of the draft as a card: a small picture or an icon, name, size, how far its upload is. */

import { find, findOptional, fromTemplate, setText, show } from "../dom.js";
import { iconOf, sizeText } from "../files/kinds.js";
import { phrase } from "../phrases.js";
import { uploadErrorText } from "../uploads/tab_uploads.js";
import { drawLocalPicture } from "./local_picture.js";

/**
 * @import { ChosenFile, Uploads } from "../uploads/uploads.js"
 * @import { UploadState } from "../uploads/upload_queue.js"
 */

/** Errors of which another try can lead to nothing else. */
const HOPELESS = new Set(["file_lost", "invalid", "too_large", "type_refused"]);
/** In CSS pixels, as in upload_tray.css. */
const PICTURE_PX = 44;

/** @param {ChosenFile} file @param {Uploads} uploads @returns {HTMLElement} */
export function makeUploadCard(file, uploads) {
  const card = fromTemplate("upload-card-template");
  card.dataset.file = file.id;
  find(card, ".upload-picture use", SVGUseElement).setAttribute("href", iconOf(file));
  setText(find(card, ".upload-name"), file.name);
  find(card, ".upload-open").title = file.name;
  for (const name of find(card, "[data-remove]").querySelectorAll(".visually-hidden")) {
    setText(name, phrase("remove_file", { name: file.name }));
  }
  if (file.type.startsWith("image/")) void drawPicture(card, file.id, uploads);
  drawUploadCard(card, file, uploads);
  return card;
}

/** Draw what can change. @param {HTMLElement} card @param {ChosenFile} file @param {Uploads} uploads */
export function drawUploadCard(card, file, uploads) {
  const state = uploads.state(file.id);
  const isUploaded = state?.phase === "uploaded";
  const isFailed = state?.phase === "failed";
  card.dataset.phase = state?.phase ?? "waiting";
  card.classList.toggle("stalled", Boolean(state?.isStalled));
  setText(find(card, ".upload-state"), stateText(file, state));
  show(find(card, "[data-retry]"), isFailed && !HOPELESS.has(state.error?.code ?? ""));
  show(find(card, ".upload-alt"), file.alt !== "");
  show(find(card, ".upload-spoiler"), file.spoiler);
  show(find(card, ".upload-unkept"), uploads.isUnkept(file.id) && !isFailed);
  const bar = find(card, "progress", HTMLProgressElement);
  show(bar, !isUploaded && !isFailed);
  bar.max = file.size;
  bar.value = state?.sent ?? 0;
}

/** @param {ChosenFile} file @param {UploadState | undefined} state */
function stateText({ size }, state) {
  const shown = sizeText(size);
  if (state?.error) return uploadErrorText(state.error);
  if (state?.isStalled) return phrase("upload_stalled");
  if (state?.phase === "uploaded") return phrase("upload_done", { size: shown });
  if (state?.phase !== "uploading") return phrase("upload_waiting", { size: shown });
  return phrase("upload_progress", { size: shown, percent: Math.floor((100 * state.sent) / size) });
}

/** @param {HTMLElement} card @param {string} id @param {Uploads} uploads */
async function drawPicture(card, id, uploads) {
  const blob = await uploads.blob(id);
  const canvas = document.createElement("canvas");
  const size = { width: PICTURE_PX, height: PICTURE_PX, isCropped: true };
  if (!blob || !(await drawLocalPicture(canvas, blob, size))) return;
  findOptional(card, ".upload-picture")?.replaceChildren(canvas);
}
