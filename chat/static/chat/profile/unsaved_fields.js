/** Keeps what is typed into a form while another form of the page is sent, which loads the page again. */

import { storage } from "../browser.js";
import { findAll } from "../dom.js";
import { storageKey } from "../storage_keys.js";

const FIELDS = "input:not([type=hidden]), select";

/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

export class UnsavedFields {
  #form;
  #key;
  #storage = storage("sessionStorage");

  /** @param {HTMLFormElement} form @param {string} owner the key of the person whose form it is */
  constructor(form, owner) {
    this.#form = form;
    this.#key = storageKey("profile", owner);
    // What is saved must not come back over later changes.
    form.addEventListener("submit", () => this.#storage.removeItem(this.#key));
  }

  /** All of them: after an error the page has values that are not stored, though nobody typed into it. */
  keep() {
    this.#storage.setItem(this.#key, JSON.stringify(this.#fields.map(valueOf)));
  }

  /** Once: a later visit shows what is stored. */
  restore() {
    /** @type {Record<string, string | boolean>} */
    const kept = Object.fromEntries(JSON.parse(this.#storage.getItem(this.#key) ?? "[]"));
    this.#storage.removeItem(this.#key);
    for (const field of this.#fields) {
      const value = kept[valueOf(field)[0]];
      if (value === undefined) continue;
      if (typeof value === "boolean") /** @type {HTMLInputElement} */ (field).checked = value;
      // The server may offer other choices now.
      else if (!(field instanceof HTMLSelectElement) || hasChoice(field, value)) field.value = value;
    }
  }

  get #fields() {
    return /** @type {Field[]} */ (findAll(this.#form, FIELDS));
  }
}

/** @param {Field} field @returns {[string, string | boolean]} its name, which radio buttons share, and what is chosen */
function valueOf(field) {
  const isTick = field.type === "radio" || field.type === "checkbox";
  return isTick ? [`${field.name}=${field.value}`, /** @type {HTMLInputElement} */ (field).checked] : [field.name, field.value];
}

/** @param {HTMLSelectElement} select @param {string} value */
function hasChoice(select, value) {
  return [...select.options].some((option) => option.value === value);
}
