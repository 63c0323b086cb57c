/** Blocks of code in messages: the name of the language, a button that copies, long ones folded. */

import { copyText } from "../clipboard.js";
import { find, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";

/** Longer blocks are folded to this number of lines. */
export const FOLDED_LINES = 20;
const LANGUAGE = /^language-(.+)$/;

/** Put a frame with the controls around a block. @param {HTMLElement} pre */
export function frameCode(pre) {
  const block = fromTemplate("code-block-template");
  const code = pre.querySelector("code");
  const language = languageOf(code);
  // Long lines scroll sideways, by the arrow keys when the block has the focus.
  pre.setAttribute("role", "group");
  pre.setAttribute("aria-label", language ? phrase("code_in", { language }) : phrase("code"));
  pre.replaceWith(block);
  find(block, ".code-head").after(pre);
  block.classList.toggle("named", Boolean(language));
  setText(find(block, ".code-language"), language);
  const lines = (code?.textContent ?? "").trimEnd().split("\n").length;
  const isLong = lines > FOLDED_LINES;
  const unfold = find(block, ".code-unfold");
  show(unfold, isLong);
  block.classList.toggle("folded", isLong);
  if (isLong) {
    unfold.dataset.lines = String(lines);
    setText(unfold, phrase("code_lines", { count: lines }));
  }
}

/** @param {HTMLElement} button the one of a block */
export async function copyCode(button) {
  const code = button.closest(".code-block")?.querySelector("pre")?.textContent ?? "";
  const isCopied = await copyText(code.replace(/\n$/, ""));
  button.classList.toggle("done", isCopied);
  setText(find(button, ".visually-hidden"), phrase(isCopied ? "file_copied" : "not_copied"));
}

/** @param {HTMLElement} button the one of a block */
export function toggleCode(button) {
  const isFolded = button.closest(".code-block")?.classList.toggle("folded") ?? false;
  button.setAttribute("aria-expanded", String(!isFolded));
  setText(button, isFolded ? phrase("code_lines", { count: button.dataset.lines }) : phrase("file_fold"));
  if (isFolded) button.scrollIntoView({ block: "nearest" });
}

/** The name of the language; as it was typed, if the server does not know it. @param {HTMLElement | null} code */
function languageOf(code) {
  if (!code) return "";
  const [typed] = [...code.classList].map((name) => LANGUAGE.exec(name)?.[1]).filter(Boolean);
  return code.dataset.language ?? typed ?? "";
}
