/** Which chosen files can be sent, before any of them is uploaded. The server checks each of them again. Pure. */

import { sizeText } from "../files/kinds.js";

/**
 * @import { FileLimits } from "../wire.d.ts"
 *
 * @typedef {Pick<File, "name" | "type" | "size">} Candidate
 *
 * @typedef {object} Refusal
 * @property {string} name of a phrase
 * @property {Record<string, string | number>} values for it
 */

/**
 * @template {Candidate} Chosen
 * @param {readonly Chosen[]} candidates in the order in which they were chosen
 * @param {FileLimits} limits of the site
 * @param {number} present how many files the message has already
 * @returns {{accepted: Chosen[], refusals: Refusal[]}}
 */
export function checkFiles(candidates, limits, present) {
  /** @type {Refusal[]} */
  const refusals = [];
  const fitting = candidates.filter((file) => {
    const refusal = refusalOf(file, limits);
    if (refusal) refusals.push(refusal);
    return !refusal;
  });
  const room = Math.max(0, limits.count - present);
  if (fitting.length > room) refusals.push({ name: "file_too_many", values: { count: limits.count } });
  return { accepted: fitting.slice(0, room), refusals };
}

/** @param {Candidate} file @param {FileLimits} limits @returns {Refusal | null} */
function refusalOf({ name, type, size }, { bytes, types }) {
  if (size === 0) return { name: "file_empty", values: { name } };
  if (size > bytes) return { name: "file_too_large", values: { name, size: sizeText(size), limit: sizeText(bytes) } };
  // Without a type only the server can tell.
  if (type && types.length && !types.some((allowed) => isOf(type, allowed))) return { name: "file_type", values: { name } };
  return null;
}

/** @param {string} type @param {string} allowed a media type, or all of a kind: `image/*` */
function isOf(type, allowed) {
  return allowed.endsWith("/*") ? type.startsWith(allowed.slice(0, -1)) : type === allowed;
}
