/** The edit of a message in the composer. The browser stores it (drafts.js) until the server has it. */

import { Correction } from "../drafts.js";
import { phrase } from "../phrases.js";

/**
 * @import { ComposerContext } from "./composer.js"
 * @import { Stored } from "../unsent.js"
 * @import { ComposerField } from "./composer_field.js"
 * @import { ComposerMode } from "./composer_mode.js"
 *
 * @typedef {Pick<Stored, "id" | "text">} Edited a message as it was when its edit began
 */

export class ComposerEdit {
  /** The message that is being edited. @type {Edited | null} */
  message = null;
  #context;
  #field;
  #mode;
  #stored;

  /** @param {ComposerContext} context @param {ComposerField} field @param {ComposerMode} mode */
  constructor(context, field, mode) {
    this.#context = context;
    this.#field = field;
    this.#mode = mode;
    this.#stored = new Correction(context.tabStorage, context.owner, context.room, context.thread);
  }

  /** The text that was written, or "" if it is that of the message. */
  get changedText() {
    return this.message && this.#field.text !== this.message.text ? this.#field.text : "";
  }

  /** @param {Edited} message @param {string} body */
  begin(message, body) {
    this.message = message;
    this.#mode.show({ mode: "editing", id: message.id }, phrase("editing"));
    this.#field.text = body;
    this.#stored.write(message, body);
  }

  /** Store what the field shows. */
  keep() {
    if (this.message) this.#stored.write(this.message, this.#field.text);
  }

  /** Stop editing. The edit stays stored. @returns {Edited | null} the message that was edited */
  leave() {
    const { message } = this;
    this.message = null;
    return message;
  }

  /** Remove the stored edit of a message. @param {number} id */
  clear(id) {
    this.#stored.clear(id);
  }

  /**
   * The edit that an earlier page or view stored. One that would change nothing any more is removed.
   * @returns {{message: Edited | null, body: string}} without a message: the body of an edit whose message was
   *   deleted meanwhile, or ""
   */
  read() {
    const stored = this.#stored.read();
    if (!stored) return { message: null, body: "" };
    const { room, store } = this.#context;
    const { body } = stored;
    const current = store.copy(room)?.get(stored.message.id);
    const { id, text } = current ?? stored.message;
    if (!current?.deleted && text !== body) return { message: { id, text }, body };
    this.clear(id);
    return { message: null, body: current?.deleted && body !== stored.message.text ? body : "" };
  }
}
