/**
 * The body of a message that the server has not rendered yet: blocks and line breaks as they will be, so that the message
 * keeps its height when the HTML of the server takes this place. Links, mentions and rare markup stay text until then.
 */

import { actionIn } from "../writing/slash.js";

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^ {0,3}(?:[-*+]|(\d{1,9})[.)]) +/;
const HEADING = /^ {0,3}(#{1,6}) +(.*?)(?: +#+)? *$/;
const RULE = /^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;
const INLINE = /(`[^`\n]+`|\*\*[^*\n]+\*\*)/;
/** As many emoji as a message may have that is shown large: see chat/domain/markdown/only_emoji.py. */
const ONLY_EMOJI = /^(?:\s*(?:\p{Extended_Pictographic}[\ufe0f\u200d\p{Emoji_Modifier}]*|\p{Regional_Indicator}{2})+?){1,10}\s*$/u;
/** Deeper quotes stay text. */
const MAX_DEPTH = 4;

/** @param {string} text @returns {HTMLElement[]} the blocks of a message: one about what its author does is one paragraph */
export function bodyBlocks(text) {
  const blocks = blocksOf(actionIn(text) ?? text);
  const isAction = actionIn(text) !== null && blocks.length === 1 && blocks[0]?.matches("p");
  if (!isAction) return blocksOf(text);
  blocks[0]?.setAttribute("class", "action");
  return blocks;
}

/** @param {string} text @param {number} [depth] @returns {HTMLElement[]} its blocks */
function blocksOf(text, depth = 0) {
  const lines = text.split("\n");
  const blocks = [];
  while (lines.length) {
    const [line = ""] = lines;
    if (!line.trim()) lines.shift();
    else if (FENCE.test(line)) blocks.push(takeCode(lines));
    else if (RULE.test(line)) blocks.push(takeRule(lines));
    else if (HEADING.test(line)) blocks.push(takeHeading(lines));
    else if (QUOTE.test(line) && depth < MAX_DEPTH) blocks.push(takeQuote(lines, depth));
    else if (ITEM.test(line)) blocks.push(takeList(lines));
    else blocks.push(takeParagraph(lines));
  }
  return blocks;
}

/** @param {string[]} lines */
function takeCode(lines) {
  const [, fence = "", info = ""] = FENCE.exec(lines.shift() ?? "") ?? [];
  const code = takeWhile(lines, (line) => !line.trimStart().startsWith(fence));
  lines.shift();
  const block = document.createElement("pre");
  const text = make("code", code.map((line) => `${line}\n`).join(""));
  const language = info.trim();
  if (language && !/\s/.test(language)) text.className = `language-${language}`;
  block.append(text);
  return block;
}

/** @param {string[]} lines */
function takeRule(lines) {
  lines.shift();
  return document.createElement("hr");
}

/** @param {string[]} lines */
function takeHeading(lines) {
  const [, marks = "", text = ""] = HEADING.exec(lines.shift() ?? "") ?? [];
  return fill(document.createElement(`h${marks.length}`), [text]);
}

/** @param {string[]} lines @param {number} depth */
function takeQuote(lines, depth) {
  const quoted = takeWhile(lines, (line) => QUOTE.test(line)).map((line) => line.replace(QUOTE, ""));
  const block = document.createElement("blockquote");
  block.append(...blocksOf(quoted.join("\n"), depth + 1));
  return block;
}

/** Items without empty lines between them. @param {string[]} lines */
function takeList(lines) {
  const isOrdered = ITEM.exec(lines[0] ?? "")?.[1] !== undefined;
  const list = document.createElement(isOrdered ? "ol" : "ul");
  for (const line of takeWhile(lines, (each) => Boolean(each.trim()) && !startsOther(each))) {
    if (ITEM.test(line)) list.append(fill(document.createElement("li"), [line.replace(ITEM, "")]));
    else list.lastElementChild?.append(document.createElement("br"), ...inline(line.trim()));
  }
  return list;
}

/** @param {string[]} lines */
function takeParagraph(lines) {
  const first = lines.shift() ?? "";
  const rest = takeWhile(lines, (line) => Boolean(line.trim()) && !startsOther(line) && !ITEM.test(line));
  const block = fill(document.createElement("p"), [first, ...rest]);
  if (!lines.length && ONLY_EMOJI.test(block.textContent ?? "")) block.className = "only-emoji";
  return block;
}

/** Whether a line ends a paragraph or a list, because it begins another block. @param {string} line */
function startsOther(line) {
  return [FENCE, QUOTE, HEADING, RULE].some((pattern) => pattern.test(line));
}

/** @param {string[]} lines are taken from it @param {(line: string) => boolean} belongs */
function takeWhile(lines, belongs) {
  const end = lines.findIndex((line) => !belongs(line));
  return lines.splice(0, end === -1 ? lines.length : end);
}

/** @param {HTMLElement} block @param {string[]} lines */
function fill(block, lines) {
  for (const [index, line] of lines.entries()) {
    if (index) block.append(document.createElement("br"));
    block.append(...inline(line.trim()));
  }
  return block;
}

/** Code and bold text, whose marks take space. @param {string} text */
function inline(text) {
  return text.split(INLINE).map((part) => {
    if (part.length > 2 && part.startsWith("`") && part.endsWith("`")) return make("code", part.slice(1, -1));
    if (part.length > 4 && part.startsWith("**") && part.endsWith("**")) return make("strong", part.slice(2, -2));
    return part;
  });
}

/** @param {string} name @param {string} text */
function make(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
