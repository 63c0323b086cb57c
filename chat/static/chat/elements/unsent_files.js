/** Draws the files of a message that is not stored yet: pictures as they will be seen, others by name and progress. */

import { find, findAll, fromTemplate, setText, show } from "../dom.js";
import { MAX_HEIGHT_PX, MAX_WIDTH_PX } from "../files/box.js";
import { iconOf, sizeText } from "../files/kinds.js";
import { phrase } from "../phrases.js";
import { drawLocalPicture } from "./local_picture.js";

/**
 * @import { ChosenFile, Uploads } from "../uploads/uploads.js"
 */

const PICTURE_PX = { width: MAX_WIDTH_PX, height: MAX_HEIGHT_PX, isCropped: false };

/** @param {HTMLElement} list @param {readonly ChosenFile[]} files @param {Uploads} uploads */
export function drawUnsentFiles(list, files, uploads) {
  if (list.childElementCount !== files.length) list.replaceChildren(...files.map((file) => make(file, uploads)));
  for (const [index, item] of findAll(list, ".unsent-file").entries()) {
    const file = files[index];
    if (file) drawProgress(item, file, uploads);
  }
}

/** @param {ChosenFile} file @param {Uploads} uploads */
function make(file, uploads) {
  const item = fromTemplate("unsent-file-template");
  item.dataset.file = file.id;
  find(item, "use", SVGUseElement).setAttribute("href", iconOf(file));
  setText(find(item, ".unsent-name"), file.name);
  if (file.type.startsWith("image/")) void drawPicture(item, file, uploads);
  return item;
}

/** @param {HTMLElement} item @param {ChosenFile} file @param {Uploads} uploads */
function drawProgress(item, { id, size }, uploads) {
  const state = uploads.state(id);
  const isUploading = state?.phase !== "uploaded" && state?.phase !== "failed";
  const bar = find(item, "progress", HTMLProgressElement);
  show(bar, isUploading);
  bar.max = size;
  bar.value = state?.sent ?? 0;
  setText(find(item, ".unsent-state"), state?.isStalled ? phrase("upload_stalled") : sizeText(size));
}

/** @param {HTMLElement} item @param {ChosenFile} file @param {Uploads} uploads */
async function drawPicture(item, { id, alt, name, spoiler }, uploads) {
  const blob = await uploads.blob(id);
  const canvas = document.createElement("canvas");
  if (!blob || !(await drawLocalPicture(canvas, blob, PICTURE_PX))) return;
  canvas.style.width = `${canvas.width / devicePixelRatio}px`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", alt || name);
  item.classList.add("unsent-picture");
  item.classList.toggle("spoiler", spoiler);
  find(item, ".icon", SVGElement).replaceWith(canvas);
}
