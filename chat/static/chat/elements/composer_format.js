/** The buttons and keys that format the text of the composer, name somebody, add an emoji, and show a preview. */

import { closest, find, findAll, show } from "../dom.js";
import { isMac } from "../shortcuts.js";
import { format } from "../writing/formatting.js";

/**
 * @import { Format } from "../writing/formatting.js"
 * @import { Completion } from "./completion.js"
 * @import { ComposerField } from "./composer_field.js"
 * @import { EmojiPicker } from "./emoji_picker.js"
 */

/** Keys with Ctrl (⌘ on a Mac), by `key` or, where it depends on Shift, by `code`. @type {Record<string, Format>} */
const KEYS = { b: "bold", i: "italic", e: "code", k: "link" };
/** @type {Record<string, Format>} */
const SHIFT_KEYS = { KeyX: "strike", KeyC: "code-block", Digit7: "numbers", Digit8: "bullets", Digit9: "quote" };
const STORED = "parley.formatting";

export class ComposerFormat {
  #bar;
  #field;
  #toggle;
  #storage;

  /**
   * @param {HTMLElement} root of the composer
   * @param {ComposerField} field
   * @param {object} parts
   * @param {Completion} parts.completion
   * @param {EmojiPicker} parts.picker
   * @param {Storage} parts.storage
   * @param {AbortSignal} signal
   */
  constructor(root, field, { completion, picker, storage }, signal) {
    this.#field = field;
    this.#storage = storage;
    this.#bar = find(root, ".format-bar");
    this.#toggle = find(root, '[data-tool="format"]', HTMLButtonElement);
    field.addKeys((event) => this.#pressed(event));
    this.#toggle.addEventListener("click", () => this.#open(Boolean(this.#bar.hidden)), { signal });
    find(root, '[data-tool="mention"]').addEventListener("click", () => completion.begin("@"), { signal });
    const emoji = find(root, '[data-tool="emoji"]', HTMLButtonElement);
    emoji.addEventListener("click", () => picker.open(emoji, (chosen) => this.#insert(`${chosen} `)), { signal });
    this.#bar.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.#bar.addEventListener("keydown", (event) => this.#moved(event), { signal });
    // A tap on a button must not take the focus, and with it the keyboard, from the field.
    for (const button of [this.#toggle, this.#bar, ...findAll(root, "[data-tool]")]) {
      button.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    }
    this.#draw(storage.getItem(STORED) === "open");
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    this.#draw(isOpen);
    try {
      if (isOpen) this.#storage.setItem(STORED, "open");
      else this.#storage.removeItem(STORED);
    } catch {
      // The storage is full or refused: only this page knows.
    }
  }

  /** @param {boolean} isOpen */
  #draw(isOpen) {
    show(this.#bar, isOpen);
    this.#toggle.setAttribute("aria-expanded", String(isOpen));
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const wanted = closest(event, "[data-format]")?.dataset.format;
    if (wanted) this.#format(/** @type {Format} */ (wanted));
  }

  /** One stop of Tab: the arrow keys go from button to button. @param {KeyboardEvent} event */
  #moved(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const buttons = findAll(this.#bar, "button");
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (!step || at < 0) return;
    event.preventDefault();
    const next = buttons[(at + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next?.focus();
  }

  /** @param {string} text in place of the selection */
  #insert(text) {
    const { from, to } = this.#field.selected;
    this.#field.apply({ from, to, text, select: [from + text.length, from + text.length] });
  }

  /** @param {Format} wanted */
  #format(wanted) {
    this.#field.apply(format(wanted, this.#field.selected));
  }

  /** @param {KeyboardEvent} event @returns {boolean} */
  #pressed(event) {
    const { altKey, code, ctrlKey, key, metaKey, shiftKey } = event;
    const isCommand = isMac() ? metaKey && !ctrlKey : ctrlKey && !metaKey;
    if (!isCommand || altKey) return false;
    const wanted = shiftKey ? SHIFT_KEYS[code] : KEYS[key.toLowerCase()];
    const { from, to } = this.#field.selected;
    // Without a selection this key goes to another room (shortcuts.js).
    if (!wanted || (wanted === "link" && from === to)) return false;
    event.preventDefault();
    event.stopPropagation();
    this.#format(wanted);
    return true;
  }
}
