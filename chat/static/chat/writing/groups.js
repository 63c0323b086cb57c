/** Mentions of more than one person in a text that is being written. Pure. */

/** As in chat/domain/mentioning.py: the words, and what they mean. @type {Record<string, "all" | "here">} */
const GROUPS = { all: "all", everyone: "all", channel: "all", here: "here" };
const CODE = /```[^]*?(?:```|$)|`[^`\n]*`/g;
const MENTION = /(?<![\p{L}\p{N}_@\\./])[@＠﹫](all|everyone|channel|here)(?![\p{L}\p{N}_@]|[.\-'+][\p{L}\p{N}])/giu;

/** @param {string} text @returns {"all" | "here" | null} the larger group that it mentions; code mentions nobody */
export function groupIn(text) {
  if (!/[@＠﹫]/.test(text)) return null;
  const found = [...text.replace(CODE, " ").matchAll(MENTION)].map((match) => GROUPS[(match[1] ?? "").toLowerCase()]);
  return found.includes("all") ? "all" : found.includes("here") ? "here" : null;
}
