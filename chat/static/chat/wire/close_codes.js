/** What close codes mean (RFC 6455 §7.4.1, and this site's own). */

import { phrase } from "../phrases.js";

/** @type {Record<number, string>} */
const MEANINGS = {
  1000: "wire_close_1000",
  1001: "wire_close_1001",
  1002: "wire_close_1002",
  1003: "wire_close_1003",
  1005: "wire_close_1005",
  1006: "wire_close_1006",
  1007: "wire_close_1007",
  1008: "wire_close_1008",
  1009: "wire_close_1009",
  1011: "wire_close_1011",
  1012: "wire_close_1012",
  1013: "wire_close_1013",
  4001: "wire_close_4001",
};

/** @param {number} code @returns {string} the code and its meaning */
export function describeClose(code) {
  const meaning = phrase(MEANINGS[code] ?? "wire_close_other");
  return phrase("wire_close_code", { code, meaning });
}
