/** Sends what a form asks for, and shows why it was refused: in the form itself, at the field that is wrong. */

import { find, findAll, findOptional, setText, show } from "../dom.js";
import { CommandError } from "../protocol.js";
import { errorText } from "./notice.js";

/**
 * Run `work` with the form's buttons disabled. A refusal is shown in its `.form-error`, and the field gets the focus.
 * @param {HTMLElement} form or a part of one
 * @param {() => Promise<unknown>} work
 * @returns {Promise<boolean>} whether it was done
 */
export async function submit(form, work) {
  const buttons = findAll(form, "button", HTMLButtonElement).filter(({ disabled }) => !disabled);
  showFormError(form, null);
  for (const button of buttons) button.disabled = true;
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    showFormError(form, error);
    return false;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

/** @param {HTMLElement} form @param {CommandError | null} error null removes the former one */
export function showFormError(form, error) {
  const line = find(form, ".form-error");
  setText(line, error ? errorText(error) : "");
  show(line, error !== null);
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  const wrong = error?.field && findOptional(form, `[name="${CSS.escape(error.field)}"]`);
  if (!wrong) return;
  wrong.setAttribute("aria-invalid", "true");
  wrong.focus();
}
