/** Addresses of files, and what is made of them: see chat/views/files.py. */

/**
 * @import { Addresses, Attachment } from "../wire.d.ts"
 * @typedef {Pick<Attachment, "id" | "name">} Named
 */

/** Names that mean what was made of a file. */
const RESERVED = /^(?:thumb-\d+\.webp|excerpt\.json)$/;

/** @param {Addresses} urls @param {Named} file */
export function fileUrl({ files }, { id, name }) {
  return `${files}${id}/${encodeURIComponent(RESERVED.test(name) ? `_${name}` : name)}`;
}

/** An address that is saved, not shown. @param {Addresses} urls @param {Named} file */
export function downloadUrl(urls, file) {
  return `${fileUrl(urls, file)}?download`;
}

/** @param {Addresses} urls @param {Named} file @param {"thumb-360.webp" | "thumb-1080.webp" | "excerpt.json"} name */
export function madeUrl({ files }, { id }, name) {
  return `${files}${id}/${name}`;
}
