/** The draft in the composer: its text, its files, and the message that it answers. The stored form is in drafts.js. */

import { Draft } from "../drafts.js";
import { phrase } from "../phrases.js";
import { senderOf } from "../senders.js";
import { excerpt } from "./message_text.js";

/**
 * @import { Answered, Written } from "../drafts.js"
 * @import { ComposerContext } from "./composer.js"
 * @import { Stored } from "../unsent.js"
 * @import { ComposerField } from "./composer_field.js"
 * @import { ChosenFile } from "../uploads/uploads.js"
 * @import { ComposerMode } from "./composer_mode.js"
 * @import { UploadTray } from "./upload_tray.js"
 */

export class ComposerDraft {
  #field;
  #mode;
  #tray;
  #stored;
  #people;
  #sync;
  /** @type {Answered | null} */
  #answered = null;

  /** @param {ComposerContext} context @param {ComposerField} field @param {ComposerMode} mode @param {UploadTray} tray */
  constructor({ drafts, owner, room, storage, store, thread }, field, mode, tray) {
    this.#people = store.people;
    this.#field = field;
    this.#mode = mode;
    this.#tray = tray;
    this.#sync = drafts;
    this.#stored = new Draft(storage, owner, room, thread);
    // Text that was typed before the modules were loaded.
    const early = field.text;
    const stored = this.#stored.read();
    if (early && !stored.text) {
      this.#stored.write({ ...stored, text: early });
      drafts.noteChange(this.key);
    }
  }

  /** The key in the browser's storage, as in `StorageEvent.key`. */
  get key() {
    return this.#stored.key;
  }

  /** The draft as the field shows it, while no message is being edited. @returns {Written} */
  get written() {
    return { text: this.#field.text, reply: this.#answered, files: this.#tray.files };
  }

  /** Whether nothing is written. The files of a draft are not shown during an edit, and do not count. */
  get isEmpty() {
    return this.isUnchangedSince({ text: "", reply: null, files: [] });
  }

  /** @param {Written | null} former a draft as it was earlier */
  isUnchangedSince(former) {
    const { text, reply } = this.written;
    return text === former?.text && reply?.id === former.reply?.id;
  }

  /** The id of the message that is answered. @returns {number | null} */
  get replyTo() {
    return this.#answered?.id ?? null;
  }

  /** Show the stored draft: another tab may have changed it. */
  show() {
    const { text, reply, files } = this.#stored.read();
    this.#setAnswered(reply);
    this.#tray.files = files;
    if (this.#field.text === text) this.#field.fit();
    else this.#field.text = text;
  }

  /** Store what the field shows. */
  keep() {
    this.#stored.write(this.written);
    this.#sync.noteChange(this.key);
  }

  /** @param {Stored} message */
  answer(message) {
    this.#setAnswered({ id: message.id, name: this.#people.nameOf(senderOf(message)), text: excerpt(message) });
    this.keep();
  }

  /** Stop answering, without storing that. */
  leave() {
    this.#setAnswered(null);
  }

  /** Add a text to the stored draft. @param {string} added */
  append(added) {
    const { text, ...others } = this.#stored.read();
    this.#stored.write({ ...others, text: text ? `${text}\n\n${added}` : added });
    this.#sync.noteChange(this.key);
  }

  /** The `client_id` to send the draft with, which stays. @returns {string} */
  reserve() {
    return this.#stored.reserve(this.written);
  }

  /**
   * Remove the draft, because it is being sent.
   * @returns {{replyTo: number | null, files: ChosenFile[], clientId: string}}
   */
  take() {
    const { replyTo } = this;
    const { files } = this.#tray;
    const clientId = this.#stored.take(this.written);
    this.#sync.noteChange(this.key);
    this.leave();
    this.#tray.files = [];
    this.#field.text = "";
    return { replyTo, files, clientId };
  }

  /** Remove a text that is done with, if it is still the stored one: another room is shown already. @param {string} text */
  forget(text) {
    const stored = this.#stored.read();
    if (stored.text !== text) return;
    this.#stored.write({ ...stored, text: "" });
    this.#sync.noteChange(this.key);
  }

  /** @param {Answered | null} answered */
  #setAnswered(answered) {
    this.#answered = answered;
    if (!answered) return this.#mode.hide();
    const { id, name, text } = answered;
    this.#mode.show({ mode: "replying", id }, phrase("replying", { name }), text);
  }
}
