/**
 * The field of the search, with what it offers for the word that is being typed. Up and Down choose, Enter and Tab take
 * what is chosen, Escape closes the list. Nothing is chosen until an arrow key is pressed: Enter then searches.
 */

import { find, show } from "../dom.js";
import { Emitter } from "../emitter.js";
import { filterText, replaceTyped, typedAt, withWord } from "../search/query_text.js";
import { SearchNames } from "../search/search_names.js";
import { OPERATOR_NAMES, suggestionsFor } from "../search/suggestions.js";
import { isComposing } from "../shortcuts.js";
import { Timer } from "../timer.js";
import { SearchSuggestions } from "./search_suggestions.js";

/**
 * @import { Suggestion } from "../search/suggestions.js"
 * @import { Typed } from "../search/query_text.js"
 * @import { Connection } from "../socket.js"
 * @import { Store } from "../store.js"
 *
 * @typedef {object} FieldEvents
 * @property {[string]} typed the text is another one
 * @property {[]} entered Enter was pressed
 * @property {[]} down the person goes on to what is below the field
 * @property {[]} left Escape was pressed, and no list was open
 */

const ASK_AFTER_MS = 120;

/** @extends {Emitter<FieldEvents>} */
export class SearchField extends Emitter {
  #input;
  #clear;
  #list;
  #names;
  #ask;

  /** @param {HTMLElement} root of the view @param {{store: Store, connection: Connection}} tab @param {AbortSignal} signal */
  constructor(root, tab, signal) {
    super();
    this.#input = find(root, ".search-input", HTMLInputElement);
    this.#clear = find(root, ".search-clear");
    this.#list = new SearchSuggestions(find(root, ".search-suggestions"), this.#input, signal);
    this.#names = new SearchNames(tab);
    this.#ask = new Timer(() => void this.#askServer(), signal);
    this.#input.addEventListener("input", () => this.#changed(), { signal });
    this.#input.addEventListener("click", () => this.#offer(), { signal });
    this.#input.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.#input.addEventListener("blur", () => this.#list.close(), { signal });
    this.#list.on("take", (suggestion) => this.#take(suggestion));
    this.#clear.addEventListener("click", () => this.change("", { focus: true }), { signal });
  }

  get text() {
    return this.#input.value;
  }

  /** Show a text that was not typed here. @param {string} text */
  set text(text) {
    if (this.#input.value === text) return;
    this.#input.value = text;
    show(this.#clear, text !== "");
    this.#list.close();
  }

  get hasFocus() {
    return document.activeElement === this.#input;
  }

  /** @param {{selects?: boolean}} [options] whether the text is selected */
  focus({ selects = false } = {}) {
    this.#input.focus({ preventScroll: true });
    if (selects) this.#input.select();
    else this.#input.setSelectionRange(this.text.length, this.text.length);
  }

  /** Search for another text. @param {string} text @param {{focus?: boolean}} [options] */
  change(text, { focus = false } = {}) {
    this.#input.value = text;
    if (focus) this.focus();
    this.#changed();
  }

  /** Add an operator or a word to the text, and go on typing. @param {string} word */
  add(word) {
    this.change(withWord(this.text, word), { focus: true });
  }

  #changed() {
    show(this.#clear, this.text !== "");
    this.emit("typed", this.text);
    this.#offer();
    this.#ask.start(ASK_AFTER_MS);
  }

  /** @returns {Typed} */
  get #typed() {
    return typedAt(this.text, this.#input.selectionStart ?? this.text.length, OPERATOR_NAMES);
  }

  #offer() {
    const rest = this.text.slice(this.#input.selectionStart ?? this.text.length);
    // In the middle of a word nothing can be completed.
    this.#list.offer(/^\S/.test(rest) ? [] : suggestionsFor(this.#typed, this.#names));
  }

  async #askServer() {
    const typed = this.#typed;
    if (!(await this.#names.ask(typed))) return;
    // The list stays as it is while something in it is chosen.
    if (this.hasFocus && !this.#list.chosen && (typed.operator || !this.#list.isEmpty)) this.#offer();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (isComposing(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    const { chosen, isOpen } = this.#list;
    if (event.key === "ArrowDown" || (event.key === "ArrowUp" && isOpen)) {
      event.preventDefault();
      if (!isOpen || !this.#list.choose(event.key === "ArrowDown" ? 1 : -1)) this.emit("down");
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (chosen) return this.#take(chosen);
      this.#list.close();
      this.emit("entered");
    } else if (event.key === "Tab" && chosen && !event.shiftKey) {
      event.preventDefault();
      this.#take(chosen);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (isOpen) this.#list.close();
      else this.emit("left");
    }
  }

  /** @param {Suggestion} suggestion */
  #take({ operator, value }) {
    const word = value ? filterText(operator, value) : `${operator}:`;
    const { text, cursor } = replaceTyped(this.text, this.#typed, word, value !== "");
    this.#input.value = text;
    this.#input.setSelectionRange(cursor, cursor);
    this.#input.focus();
    this.#changed();
  }
}
