/** What kind of thing a file is, and how its size and type are written. */

/**
 * @import { Attachment } from "../wire.d.ts"
 * @typedef {"picture" | "video" | "audio" | "text" | "pdf" | "archive" | "sheet" | "document"} Kind
 */

const PICTURES = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);
const TEXTS = new Set(["text/plain", "text/html", "image/svg+xml", "application/xml"]);
const VIDEOS = new Set(["video/mp4", "video/webm", "video/ogg", "video/quicktime"]);
const ARCHIVES = /zip|x-tar|gzip|bzip2|x-xz|zstd|7z|rar|java-archive/;
const SHEETS = /spreadsheet|ms-excel/;
/** @type {Partial<Record<Kind, string>>} addresses of icons */
const ICONS = {
  picture: "#i-picture",
  video: "#i-video",
  audio: "#i-audio",
  text: "#i-file-text",
  pdf: "#i-file-text",
  sheet: "#i-file-table",
  archive: "#i-file-archive",
};
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];
/** An extension that is longer says little. */
const MAX_EXTENSION = 5;

/** @param {Pick<Attachment, "type">} file @returns {Kind} */
export function kindOf({ type }) {
  if (PICTURES.has(type)) return "picture";
  if (VIDEOS.has(type)) return "video";
  if (type.startsWith("audio/")) return "audio";
  if (TEXTS.has(type)) return "text";
  if (type === "application/pdf") return "pdf";
  if (SHEETS.test(type)) return "sheet";
  return ARCHIVES.test(type) ? "archive" : "document";
}

/** The address of the icon of a file. @param {Pick<Attachment, "type">} file @returns {string} */
export function iconOf(file) {
  return ICONS[kindOf(file)] ?? "#i-file";
}

/** Whether a picture of the file is shown in a box. @param {Attachment} file */
export function isPicture(file) {
  return file.state === "ready" && kindOf(file) === "picture" && Boolean(file.width && file.height && file.thumbs.length);
}

/** Whether a picture is still examined, and its box is known. @param {Attachment} file */
export function isComingPicture(file) {
  return file.state === "processing" && kindOf(file) === "picture" && Boolean(file.width && file.height);
}

/** Whether a picture moves. @param {Attachment} file */
export function isAnimated(file) {
  return isPicture(file) && file.duration_ms !== null;
}

/** @param {number} bytes @returns {string} such as "1.4 MB", in the reader's language */
export function sizeText(bytes) {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  const maximumFractionDigits = unit > 1 && value < 100 ? 1 : 0;
  // "3 kB", but "14 bytes".
  const unitDisplay = unit ? "short" : "long";
  const options = { style: /** @type {const} */ ("unit"), unit: UNITS[unit], maximumFractionDigits };
  return new Intl.NumberFormat(document.documentElement.lang, { ...options, unitDisplay }).format(value);
}

/** The extension of a name in capitals, such as "PDF"; "" without one. @param {string} name */
export function extensionOf(name) {
  const [, extension = ""] = /\.([^.]+)$/.exec(name) ?? [];
  return extension.length <= MAX_EXTENSION ? extension.toUpperCase() : "";
}
