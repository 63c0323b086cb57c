/** A picture of a message: a button that opens the viewer. A spoiler is blurred until the reader asks for it. */

import { find, fromTemplate, setText, show } from "../dom.js";
import { fileUrl, madeUrl } from "../files/addresses.js";
import { boxOf } from "../files/box.js";
import { isAnimated } from "../files/kinds.js";
import { phrase } from "../phrases.js";

/**
 * @import { Reloads } from "../files/reloads.js"
 * @import { Addresses, Attachment } from "../wire.d.ts"
 */

const SMALL_PX = 360;
const LARGE_PX = 1080;
/** @type {Set<number>} spoilers that the reader has uncovered in this tab */
const uncovered = new Set();
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

/** @param {Addresses} urls @param {Attachment} file @param {Reloads} reloads @returns {HTMLElement} */
export function makePicture(urls, file, reloads) {
  const element = fromTemplate("file-picture-template");
  const button = find(element, ".file-picture-open");
  const width = setBox(element, file);
  button.dataset.file = String(file.id);
  const image = find(element, "img", HTMLImageElement);
  image.alt = file.alt || file.name;
  // A new `src` is fetched, even if it is the same.
  const load = () => void (image.src = String(image.getAttribute("src")));
  image.addEventListener("error", () => reloads.add(element, load));
  // A moving picture is shown as it was sent, unless the reader wants no motion.
  if (isAnimated(file) && !STILL.matches) image.src = fileUrl(urls, file);
  else setSources(image, urls, file, `${width}px`);
  show(find(element, ".file-motion"), isAnimated(file));
  cover(element, file);
  return element;
}

/** The box of a picture that is still examined. @param {Attachment} file @returns {HTMLElement} */
export function makeComingPicture(file) {
  const element = document.createElement("div");
  element.className = "file-picture processing";
  setBox(element, file);
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = `${file.alt || file.name}: ${phrase("file_processing")}`;
  element.append(words);
  return element;
}

/** @param {HTMLElement} element @param {Attachment} file @returns {number} the width of the box, in CSS pixels */
function setBox(element, file) {
  const { width, ratio } = boxOf(file.width ?? 0, file.height ?? 0);
  element.style.setProperty("--width", `${width}px`);
  element.style.setProperty("--ratio", String(ratio));
  return width;
}

/**
 * The smallest thumbnail that is large enough. @param {HTMLImageElement} image @param {Addresses} urls
 * @param {Attachment} file @param {string} sizes
 */
export function setSources(image, urls, file, sizes) {
  const [small, large] = [madeUrl(urls, file, "thumb-360.webp"), madeUrl(urls, file, "thumb-1080.webp")];
  if (!file.thumbs.includes("thumb-1080")) return void (image.src = small);
  const scale = (file.width ?? 0) / Math.max(file.width ?? 1, file.height ?? 1);
  image.sizes = sizes;
  image.srcset = `${small} ${Math.round(SMALL_PX * scale)}w, ${large} ${Math.round(LARGE_PX * scale)}w`;
  image.src = small;
}

/** @param {HTMLElement} element @param {Attachment} file */
function cover(element, { id, name, spoiler }) {
  const isCovered = spoiler && !uncovered.has(id);
  const button = find(element, ".file-uncover");
  element.classList.toggle("covered", isCovered);
  show(button, isCovered);
  const open = find(element, ".file-picture-open");
  open.toggleAttribute("inert", isCovered);
  setText(find(open, ".visually-hidden"), phrase("file_open", { name }));
  if (!isCovered) return;
  button.addEventListener("click", () => {
    uncovered.add(id);
    element.classList.remove("covered");
    open.removeAttribute("inert");
    button.hidden = true;
    open.focus({ preventScroll: true });
  });
}

/** Whether the viewer may show a picture. @param {Attachment} file */
export function isCovered({ id, spoiler }) {
  return spoiler && !uncovered.has(id);
}
