/**
 * Changes of a text in Markdown by the buttons and keys of the composer. Each function takes the text and what is
 * selected, and returns one replacement, so that one step back undoes it. Pure.
 */

/**
 * @typedef {object} Selected
 * @property {string} text
 * @property {number} from of the selection
 * @property {number} to
 *
 * @typedef {object} Replacement
 * @property {number} from
 * @property {number} to
 * @property {string} text instead of what is there
 * @property {[from: number, to: number]} select then
 *
 * @typedef {"bold" | "italic" | "strike" | "code" | "spoiler" | "link" | "quote" | "bullets" | "numbers" | "code-block"} Format
 */

const MARKS = { bold: "**", italic: "_", strike: "~~", code: "`", spoiler: "||" };
const URL_ONLY = /^(?:https?:\/\/|mailto:)\S+$/i;
const BULLET = /^(\s*)(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?/;

/** @param {Format} format @param {Selected} selected @returns {Replacement} */
export function format(format, selected) {
  if (format === "link") return link(selected);
  if (format === "quote") return prefixLines(selected, /^> ?/, () => "> ");
  if (format === "bullets") return prefixLines(selected, /^[-*+] /, () => "- ");
  if (format === "numbers") return prefixLines(selected, /^\d{1,9}[.)] /, (at) => `${at + 1}. `);
  if (format === "code-block" || (format === "code" && part(selected).includes("\n"))) return codeBlock(selected);
  return wrap(selected, MARKS[format]);
}

/** The text of the selection. @param {Selected} selected */
function part({ text, from, to }) {
  return text.slice(from, to);
}

/**
 * Put marks around the selection, or take them away if they are there.
 * @param {Selected} selected
 * @param {string} mark
 * @returns {Replacement}
 */
function wrap({ text, from, to }, mark) {
  const width = mark.length;
  const isAround = text.slice(from - width, from) === mark && text.slice(to, to + width) === mark;
  // `**` around a word is no `*` around it.
  if (isAround && text[from - width - 1] !== mark[0]) {
    const inner = text.slice(from, to);
    return { from: from - width, to: to + width, text: inner, select: [from - width, to - width] };
  }
  const inner = text.slice(from, to);
  if (inner.length >= 2 * width && inner.startsWith(mark) && inner.endsWith(mark) && inner !== mark) {
    const bare = inner.slice(width, -width);
    return { from, to, text: bare, select: [from, from + bare.length] };
  }
  // Marks beside a space are no marks in Markdown.
  const [, start = "", word = "", end = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(inner) ?? [];
  const begin = from + start.length + width;
  return { from, to, text: `${start}${mark}${word}${mark}${end}`, select: [begin, begin + word.length] };
}

/** @param {Selected} selected @returns {Replacement} */
function link(selected) {
  const { from, to } = selected;
  const inner = part(selected).trim();
  if (URL_ONLY.test(inner)) return { from, to, text: `[](${inner})`, select: [from + 1, from + 1] };
  const address = from + inner.length + 3;
  return { from, to, text: `[${inner}](https://)`, select: inner ? [address, address + "https://".length] : [from + 1, from + 1] };
}

/**
 * The selected text as a link, because a URL was pasted over it; null if it is none.
 * @param {Selected} selected
 * @param {string} pasted
 * @returns {Replacement | null}
 */
export function pasteAsLink(selected, pasted) {
  const { from, to } = selected;
  const inner = part(selected);
  const url = pasted.trim();
  if (!inner.trim() || inner.includes("\n") || URL_ONLY.test(inner.trim()) || !URL_ONLY.test(url)) return null;
  const label = inner.replace(/([[\]\\])/g, "\\$1");
  const address = /[()<>]/.test(url) ? `<${url.replace(/[<>]/g, encodeURIComponent)}>` : url;
  const text = `[${label}](${address})`;
  return { from, to, text, select: [from + text.length, from + text.length] };
}

/** The whole lines of the selection. @param {Selected} selected @returns {[from: number, to: number]} */
function linesOf({ text, from, to }) {
  const end = text.indexOf("\n", to > from && text[to - 1] === "\n" ? to - 1 : to);
  return [text.lastIndexOf("\n", from - 1) + 1, end < 0 ? text.length : end];
}

/**
 * Begin each line of the selection with a sign, or take it away if all lines have it.
 * @param {Selected} selected
 * @param {RegExp} present
 * @param {(at: number) => string} prefix
 * @returns {Replacement}
 */
function prefixLines(selected, present, prefix) {
  const [from, to] = linesOf(selected);
  const lines = selected.text.slice(from, to).split("\n");
  const isPresent = lines.every((line) => present.test(line));
  const changed = lines.map((line, at) => {
    if (isPresent) return line.replace(present, "");
    return prefix(at) + (prefix(0) === "> " ? line : line.replace(BULLET, "$1"));
  });
  const text = changed.join("\n");
  const isCaret = selected.from === selected.to;
  const caret = Math.max(from, selected.from + text.length - (to - from));
  return { from, to, text, select: isCaret ? [caret, caret] : [from, from + text.length] };
}

/** @param {Selected} selected @returns {Replacement} */
function codeBlock(selected) {
  const { text, from, to } = selected;
  const inner = part(selected);
  const longest = Math.max(2, ...(inner.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const before = from > 0 && text[from - 1] !== "\n" ? "\n" : "";
  const after = to < text.length && text[to] !== "\n" ? "\n" : "";
  const begin = from + before.length + fence.length + 1;
  const end = inner.endsWith("\n") ? "" : "\n";
  const block = `${before}${fence}\n${inner}${end}${fence}${after}`;
  return { from, to, text: block, select: [begin, begin + inner.length] };
}

/**
 * The next line of a list or a quote, when a line break is typed at the end of one; an empty item ends the list. Null where
 * there is no list: the browser inserts the line break.
 * @param {Selected} selected
 * @returns {Replacement | null}
 */
export function continueLine({ text, from, to }) {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const line = text.slice(start, from);
  const found = /^(\s*(?:> ?)*)(?:([-*+])|(\d{1,9})([.)]))(\s+)(\[[ xX]\]\s+)?/.exec(line) ?? /^(\s*(?:> ?)+)()()()()()/.exec(line);
  if (!found || isFenced(text.slice(0, start))) return null;
  const [all, indent = "", bullet = "", number = "", sign = "", space = "", task = ""] = found;
  if (!line.slice(all.length).trim() && !text.slice(to).split("\n")[0]) return { from: start, to, text: "", select: [start, start] };
  const mark = bullet || (number && `${Number(number) + 1}${sign}`);
  const next = `\n${indent}${mark}${space}${task.replace(/[xX]/, " ")}`;
  return { from, to, text: next, select: [from + next.length, from + next.length] };
}

/** Whether a text ends in a block of code. @param {string} before */
export function isFenced(before) {
  return (before.match(/^ {0,3}(?:```|~~~)/gm)?.length ?? 0) % 2 === 1;
}
