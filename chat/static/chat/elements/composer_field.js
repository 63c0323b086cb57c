/**
 * The text field of the composer, with its counter and its button. It grows with its text.
 *
 * Enter sends and Shift+Enter inserts a line break, unless the person has chosen that Enter inserts one. Touch keyboards have
 * no Shift+Enter: there Enter inserts a line break, as it does in a block of code. Ctrl+Enter always sends.
 */

import { bodyOf } from "../body.js";
import { find, setText, show } from "../dom.js";
import { Emitter } from "../emitter.js";
import { phrase } from "../phrases.js";
import { isComposing } from "../shortcuts.js";
import { continueLine, isFenced } from "../writing/formatting.js";

/**
 * @import { Replacement, Selected } from "../writing/formatting.js"
 *
 * @typedef {object} FieldEvents
 * @property {[]} input the text was changed by hand
 * @property {[]} submit
 * @property {[]} change the text is another one, by hand or not
 * @property {[]} focus
 * @property {[KeyboardEvent]} escape
 * @property {[KeyboardEvent]} up ArrowUp in the empty field
 */

/** The counter shows when less than this part of the limit is left. */
const NEAR_LIMIT = 0.1;
/** The field takes at most this part of the window's height. */
const MAX_HEIGHT = 0.4;

/** @extends {Emitter<FieldEvents>} */
export class ComposerField extends Emitter {
  #form;
  #field;
  #counter;
  #send;
  #limit;
  #hasFiles;
  #touch = matchMedia("(pointer: coarse)");
  /** Whether an input method composes a text in the field. */
  isComposing = false;
  /** @type {((event: KeyboardEvent) => boolean)[]} */
  #keys = [];

  /**
   * @param {HTMLElement} root of the room
   * @param {{limit: () => number, hasFiles: () => boolean}} message characters that it may have, and whether it has files:
   *   then it may be without text
   * @param {AbortSignal} signal
   */
  constructor(root, { limit, hasFiles }, signal) {
    super();
    this.#form = find(root, ".compose");
    this.#field = find(root, ".compose-field", HTMLTextAreaElement);
    this.#counter = find(root, ".compose-counter");
    this.#send = find(this.#form, ".send", HTMLButtonElement);
    this.#limit = limit;
    this.#hasFiles = hasFiles;
    if (this.#touch.matches) this.#field.enterKeyHint = "enter";
    /** @param {Event} event */
    const submitted = (event) => {
      event.preventDefault();
      this.emit("submit");
    };
    const typed = () => {
      this.fit();
      this.emit("input");
      this.emit("change");
    };
    this.#form.addEventListener("submit", submitted, { signal });
    this.#field.addEventListener("input", typed, { signal });
    this.#field.addEventListener("compositionstart", () => (this.isComposing = true), { signal });
    this.#field.addEventListener("compositionend", () => (this.isComposing = false), { signal });
    this.#field.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    // A tap on the button must not take the focus, and with it the keyboard, from the field.
    this.#send.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    this.#field.addEventListener("focus", () => this.emit("focus"), { signal });
    window.addEventListener("resize", () => this.fit(), { signal });
  }

  get text() {
    return this.#field.value;
  }

  set text(text) {
    this.#field.value = text;
    this.fit();
    this.emit("change");
  }

  /** The element, for listeners. @returns {HTMLTextAreaElement} */
  get element() {
    return this.#field;
  }

  /** The text, and which part of it is selected. @returns {Selected} */
  get selected() {
    const { selectionEnd: to, selectionStart: from, value: text } = this.#field;
    return { text, from, to };
  }

  /** Listen to keys before the field does. @param {(event: KeyboardEvent) => boolean} pressed returns whether it took the key */
  addKeys(pressed) {
    this.#keys.push(pressed);
  }

  /** Change the text as if it were typed, so that one step back undoes it. @param {Replacement} replacement */
  apply({ from, to, text, select }) {
    const field = this.#field;
    const before = field.value;
    const wanted = before.slice(0, from) + text + before.slice(to);
    field.focus();
    field.setSelectionRange(from, to);
    // No other way keeps the browser's history of changes. It also sends the event `input`.
    const isDone = text ? document.execCommand("insertText", false, text) : from === to || document.execCommand("delete");
    if (!isDone || field.value !== wanted) {
      field.value = wanted;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.setSelectionRange(...select);
  }

  /** What would be sent; "" if it may not be. */
  get body() {
    return this.#left < 0 ? "" : bodyOf(this.text);
  }

  get canSubmit() {
    return this.body !== "" || (this.#hasFiles() && this.#left >= 0);
  }

  focus() {
    this.#field.focus();
  }

  /** Focus the field, unless that opens a keyboard over the page. */
  focusUnlessTouch() {
    if (!this.#touch.matches) this.focus();
  }

  /** Fit the height to the text, and draw the counter. */
  fit() {
    const field = this.#field;
    field.style.height = "auto";
    const most = window.innerHeight * MAX_HEIGHT;
    // An empty field has one line. To measure it would ask for a layout, which is costly before a room is drawn.
    const height = this.text ? field.scrollHeight : 0;
    if (height) field.style.height = `${Math.min(height, most)}px`;
    field.style.overflowY = height > most ? "auto" : "hidden";
    const left = this.#left;
    show(this.#counter, left <= this.#limit() * NEAR_LIMIT);
    this.#counter.classList.toggle("over", left < 0);
    setText(this.#counter, left < 0 ? phrase("over", { count: -left }) : phrase("left", { count: left }));
    this.#send.disabled = !this.canSubmit;
    field.setAttribute("aria-invalid", String(left < 0));
  }

  /** Characters left, counted as the server counts: code points of what is sent. */
  get #left() {
    const limit = this.#limit();
    // A text that is far from the limit is not examined at each key.
    if (this.text.length <= limit * (1 - NEAR_LIMIT)) return limit - this.text.length;
    return limit - [...bodyOf(this.text)].length;
  }

  /** Whether an Enter sends. @param {KeyboardEvent} event */
  #isSending({ ctrlKey, metaKey, shiftKey }) {
    if (ctrlKey || metaKey) return true;
    if (this.#touch.matches || shiftKey || document.documentElement.dataset.enter === "line") return false;
    const { text, from } = this.selected;
    return !isFenced(text.slice(0, from));
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    // While an input method composes, Enter and the arrows are for it.
    if (isComposing(event) || this.#keys.some((pressed) => pressed(event))) return;
    if (event.key === "Enter" && this.#isSending(event)) {
      event.preventDefault();
      this.emit("submit");
    } else if (event.key === "Enter") {
      const next = continueLine(this.selected);
      if (!next) return;
      event.preventDefault();
      this.apply(next);
    } else if (event.key === "Escape") {
      this.emit("escape", event);
    } else if (event.key === "ArrowUp" && !hasModifier(event) && !this.text) {
      this.emit("up", event);
    }
  }
}

/** @param {KeyboardEvent} event */
function hasModifier({ altKey, ctrlKey, metaKey, shiftKey }) {
  return altKey || ctrlKey || metaKey || shiftKey;
}
