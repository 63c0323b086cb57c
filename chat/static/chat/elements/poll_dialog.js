/** Asks for a poll: the dialog `#poll-dialog` with the question, its options, and how people vote. */

import { byId, find, findAll, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { MOST_OPTIONS, pollProblem } from "../poll_text.js";

/** @import { WrittenPoll } from "../poll_text.js" */

/** Options that an empty form offers. */
const FIRST_OPTIONS = 3;

/**
 * @param {{question: string, options: string[]}} given what the person has written already
 * @param {AbortSignal} signal cancels
 * @returns {Promise<WrittenPoll | null>} null: cancelled
 */
export function askPoll({ question, options }, signal) {
  const dialog = byId("poll-dialog", HTMLDialogElement);
  const form = find(dialog, "form", HTMLFormElement);
  const list = find(form, ".poll-form-options");
  const ending = new AbortController();
  const listening = { signal: AbortSignal.any([signal, ending.signal]) };
  form.reset();
  find(form, "[name=question]", HTMLTextAreaElement).value = question;
  list.replaceChildren();
  while (list.children.length < Math.max(FIRST_OPTIONS, Math.min(options.length, MOST_OPTIONS))) {
    addOption(list, options[list.children.length]);
  }
  const error = find(form, ".poll-form-error");
  show(error, false);
  // When the last field is filled, another one is added.
  const typed = () => {
    show(error, false);
    const fields = fieldsOf(list);
    if (fields.at(-1)?.value && fields.length < MOST_OPTIONS) addOption(list);
  };
  list.addEventListener("input", typed, listening);
  dialog.showModal();
  (question ? fieldsOf(list)[0] : find(form, "[name=question]"))?.focus();
  return new Promise((resolve) => {
    /** @param {WrittenPoll | null} poll */
    const end = (poll) => {
      ending.abort();
      dialog.close();
      resolve(poll);
    };
    /** @param {SubmitEvent} event */
    const submitted = (event) => {
      event.preventDefault();
      const poll = readForm(form, list);
      const problem = pollProblem(poll);
      if (!problem) return end(poll);
      setText(error, phrase(problem));
      show(error, true);
    };
    form.addEventListener("submit", submitted, listening);
    find(form, "[data-cancel]").addEventListener("click", () => end(null), listening);
    dialog.addEventListener("close", () => end(null), listening);
    signal.addEventListener("abort", () => end(null), { once: true });
  });
}

/** @param {HTMLElement} list @param {string} [text] */
function addOption(list, text = "") {
  const item = fromTemplate("poll-field-template");
  const field = find(item, "input", HTMLInputElement);
  field.value = text;
  field.setAttribute("aria-label", phrase("poll_option", { number: list.children.length + 1 }));
  field.placeholder = phrase("poll_option", { number: list.children.length + 1 });
  list.append(item);
}

/** @param {HTMLElement} list */
function fieldsOf(list) {
  return findAll(list, "input", HTMLInputElement);
}

/** @param {HTMLFormElement} form @param {HTMLElement} list @returns {WrittenPoll} */
function readForm(form, list) {
  const given = new FormData(form);
  return {
    question: String(given.get("question") ?? "").trim(),
    options: fieldsOf(list).map(({ value }) => value.trim()).filter(Boolean),
    multiple: given.has("multiple"),
    anonymous: given.has("anonymous"),
  };
}
