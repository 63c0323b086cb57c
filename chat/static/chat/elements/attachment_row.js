/** A file as a line: its icon, name, size and type, and a link that saves it. Also a file that is not ready. */

import { find, findOptional, fromTemplate, setText, show } from "../dom.js";
import { downloadUrl } from "../files/addresses.js";
import { extensionOf, iconOf, kindOf, sizeText } from "../files/kinds.js";
import { phrase } from "../phrases.js";
import { setSources } from "./attachment_picture.js";

/** @import { Addresses, Attachment } from "../wire.d.ts" */

/** The largest width of a line. */
const PAGE_WIDTH_PX = 448;
/** @type {Record<string, string>} phrases by the code of the server */
const REFUSALS = {
  damaged: "file_refused_damaged",
  too_many_pixels: "file_refused_too_many_pixels",
  too_many_frames: "file_refused_too_many_frames",
  infected: "file_refused_infected",
  not_scanned: "file_refused_not_scanned",
};

/** @param {Addresses} urls @param {Attachment} file @returns {HTMLElement} */
export function makeRow(urls, file) {
  const element = fromTemplate("file-row-template");
  const isReady = file.state === "ready";
  element.classList.toggle("processing", file.state === "processing");
  element.classList.toggle("refused", file.state === "refused");
  drawIcon(element, file);
  setText(find(element, ".file-name"), file.name);
  setText(find(element, ".file-facts"), factsOf(file));
  const link = find(element, "a.file-save", HTMLAnchorElement);
  show(link, isReady);
  if (!isReady) return element;
  const label = phrase("file_download", { name: file.name });
  link.href = downloadUrl(urls, file);
  link.title = label;
  setText(find(link, ".visually-hidden"), label);
  if (file.thumbs.includes("thumb-360")) drawPage(element, urls, file);
  return element;
}

/** @param {HTMLElement} element with an `.file-icon` @param {Attachment} file */
export function drawIcon(element, file) {
  const icon = find(element, ".file-icon");
  icon.dataset.kind = kindOf(file);
  findOptional(icon, "use", SVGUseElement)?.setAttribute("href", iconOf(file));
}

/** @param {Attachment} file */
function factsOf(file) {
  if (file.state === "processing") return phrase("file_processing");
  if (file.state === "refused") return phrase(REFUSALS[file.refusal] ?? "file_refused_damaged");
  const extension = extensionOf(file.name);
  return extension ? phrase("file_facts", { size: sizeText(file.size), type: extension }) : sizeText(file.size);
}

/** @param {HTMLElement} element @param {Addresses} urls @param {Attachment} file */
function drawPage(element, urls, file) {
  const page = fromTemplate("file-page-template");
  page.style.setProperty("--ratio", String((file.width ?? 1) / (file.height ?? 1)));
  const image = find(page, "img", HTMLImageElement);
  image.alt = phrase("file_first_page", { name: file.name });
  setSources(image, urls, file, `${PAGE_WIDTH_PX}px`);
  element.classList.add("with-page");
  element.prepend(page);
}
