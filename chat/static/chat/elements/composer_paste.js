/**
 * What happens to a pasted text: a URL over a selection becomes a link, tables and formatted text become Markdown, and a
 * text that no message can hold is offered as a file. Files are pasted by file_sources.js.
 */

import { byId, find, setText } from "../dom.js";
import { phrase } from "../phrases.js";
import { pasteAsLink } from "../writing/formatting.js";
import { htmlToMarkdown } from "../writing/html_to_markdown.js";
import { isInCode } from "../writing/trigger.js";

/** @import { ComposerField } from "./composer_field.js" */

/**
 * @param {ComposerField} field
 * @param {object} options
 * @param {() => number} options.limit characters that a message may have
 * @param {(file: File) => void} options.attach
 * @param {() => boolean} options.canAttach
 * @param {AbortSignal} signal
 */
export function pasteText(field, { limit, attach, canAttach }, signal) {
  /** @param {ClipboardEvent} event */
  const pasted = (event) => {
    const data = event.clipboardData;
    const plain = data?.getData("text/plain") ?? "";
    if (!data || event.defaultPrevented || !plain.trim()) return;
    const { selected } = field;
    const link = pasteAsLink(selected, plain);
    const text = isInCode(selected.text.slice(0, selected.from)) ? plain : (markdownOf(data) ?? plain);
    const length = [...text].length;
    if (link) {
      event.preventDefault();
      field.apply(link);
    } else if (length > limit() && canAttach()) {
      event.preventDefault();
      void offerFile(length, limit(), signal).then((answer) => {
        if (answer === "file") attach(new File([plain], phrase("paste_name"), { type: "text/plain" }));
        else if (answer === "text") insert(field, text);
      });
    } else if (text !== plain) {
      event.preventDefault();
      insert(field, text);
    }
  };
  field.element.addEventListener("paste", pasted, { signal });
}

/** @param {DataTransfer} data @returns {string | null} */
function markdownOf(data) {
  const html = data.getData("text/html");
  return html ? htmlToMarkdown(html) : null;
}

/** @param {ComposerField} field @param {string} text */
function insert(field, text) {
  const { from, text: former, to } = field.selected;
  const isBlock = text.includes("\n");
  const before = isBlock && from > 0 && former[from - 1] !== "\n" ? "\n" : "";
  const added = before + text;
  field.apply({ from, to, text: added, select: [from + added.length, from + added.length] });
}

/**
 * @param {number} length
 * @param {number} limit
 * @param {AbortSignal} signal
 * @returns {Promise<string>} `file`, `text`, or "" for neither
 */
function offerFile(length, limit, signal) {
  const dialog = byId("paste-dialog", HTMLDialogElement);
  const count = (/** @type {number} */ value) => value.toLocaleString(document.documentElement.lang);
  setText(find(dialog, ".paste-length"), phrase("paste_long", { length: count(length), limit: count(limit) }));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(signal.aborted ? "" : dialog.returnValue), { once: true });
    signal.addEventListener("abort", () => dialog.close(), { once: true });
  });
}
