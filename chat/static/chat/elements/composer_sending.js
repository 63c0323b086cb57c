/** Sends what was written in a composer: as a message, as a poll, as what a slash command makes of it, or later. */

import { uuid } from "../browser.js";
import { Emitter } from "../emitter.js";
import { phrase } from "../phrases.js";
import { CommandError } from "../protocol.js";
import { SlashError, runSlash } from "../slash_commands.js";
import { actionIn, parseSlash, withoutEscape } from "../writing/slash.js";
import { askPoll } from "./poll_dialog.js";
import { SendMenu } from "./send_menu.js";

/**
 * @import { WrittenPoll } from "../poll_text.js"
 * @import { ChosenFile } from "../uploads/uploads.js"
 * @import { PostedPoll } from "../wire.d.ts"
 * @import { Slash } from "../writing/slash.js"
 * @import { ComposerContext } from "./composer.js"
 * @import { ComposerDraft } from "./composer_draft.js"
 * @import { ComposerField } from "./composer_field.js"
 * @import { ComposerMode } from "./composer_mode.js"
 * @import { UploadTray } from "./upload_tray.js"
 *
 * @typedef {object} Sent a message that was written
 * @property {string} body
 * @property {number | null} replyTo
 * @property {number | null} thread
 * @property {boolean} [inRoom] whether the room shows a reply in a thread, too
 * @property {ChosenFile[]} files
 * @property {string} clientId
 * @property {boolean} [silent] it notifies nobody
 * @property {PostedPoll} [poll]
 */

/** @extends {Emitter<{send: [Sent], schedule: [Sent & {at: Date}]}>} */
export class ComposerSending extends Emitter {
  #context;
  #field;
  #tray;
  #draft;
  /** Whether a command is being carried out. */
  #isRunning = false;

  /** @param {ComposerContext} context @param {ComposerField} field @param {UploadTray} tray @param {ComposerDraft} draft */
  constructor(context, field, tray, draft) {
    super();
    this.#context = context;
    this.#field = field;
    this.#tray = tray;
    this.#draft = draft;
  }

  /**
   * Add the menu beside the button that sends.
   * @param {HTMLElement} root of the composer
   * @param {{mode: ComposerMode, isEdit: () => boolean, submit: (how: {silent: boolean}) => void}} composer
   */
  addMenu(root, { mode, isEdit, submit }) {
    const menu = new SendMenu(root, { canSend: () => this.#field.canSubmit, isEdit }, this.#context.signal);
    mode.on("change", () => menu.refresh());
    menu.on("silently", () => submit({ silent: true }));
    menu.on("later", (at) => this.schedule(at));
    menu.on("poll", () => void this.askPoll());
  }

  /** Send the draft, or carry out its command. @param {{silent?: boolean}} how */
  submit(how) {
    const { body } = this.#field;
    const slash = parseSlash(body);
    if (slash) void this.#runSlash(slash);
    else this.#send(withoutEscape(body), how);
  }

  /** Ask for the message to be sent later. The draft stays until `scheduled`. @param {Date} at */
  schedule(at) {
    const { body } = this.#field;
    const { notice, thread, uploads } = this.#context;
    const { files } = this.#tray;
    if (!this.#field.canSubmit || this.#showFailed()) return;
    if (!uploads.areUploaded(files)) return notice.show(phrase("schedule_uploading"));
    if (parseSlash(body) && actionIn(body) === null) return notice.show(phrase("schedule_no_command"));
    const { replyTo } = this.#draft;
    const clientId = this.#draft.reserve();
    this.emit("schedule", { body: withoutEscape(body), replyTo, thread, files, clientId, at });
  }

  /** The server has scheduled a message: it has its files. @param {Sent} message */
  scheduled({ body, files }) {
    const isShown = withoutEscape(this.#field.body) === body && this.#tray.files.every((file) => files.includes(file));
    if (this.#context.signal.aborted || !isShown) return;
    this.#draft.take();
    void this.#context.uploads.forget(files);
  }

  /** Ask for a poll; what was written is its question. */
  async askPoll() {
    const { text } = this.#field;
    const written = await askPoll({ question: text.trim(), options: [] }, this.#context.signal);
    if (this.#context.signal.aborted) return;
    this.#field.focusUnlessTouch();
    if (written) this.#sendPoll(written, text);
  }

  /** Carry out a command. Its text stays in the field unless it was. @param {Slash} slash */
  async #runSlash(slash) {
    const { notice } = this.#context;
    const { text } = this.#field;
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      const { body, isCancelled, poll, said } = await runSlash(this.#context, slash);
      if (isCancelled) return;
      if (this.#context.signal.aborted) return this.#draft.forget(text);
      if (poll) return this.#sendPoll(poll, text);
      if (body !== undefined) return this.#send(body);
      if (this.#field.text === text) {
        this.#field.text = "";
        this.#draft.keep();
      }
      if (said) notice.inform(said);
    } catch (error) {
      if (error instanceof SlashError) notice.show(error.message);
      else if (error instanceof CommandError) notice.showError(error);
      else throw error;
    } finally {
      this.#isRunning = false;
    }
  }

  /** @param {string} body @param {{silent?: boolean}} [how] */
  #send(body, how = {}) {
    if (this.#showFailed()) return;
    this.emit("send", { body, thread: this.#context.thread, ...this.#draft.take(), ...how });
  }

  /** @param {WrittenPoll} written @param {string} text that was in the field: it is sent with the poll, if it is there */
  #sendPoll({ question, ...poll }, text) {
    const message = { body: question, thread: this.#context.thread, poll };
    if (text && this.#field.text === text && !this.#tray.files.length) this.emit("send", { ...message, ...this.#draft.take() });
    else this.emit("send", { ...message, replyTo: null, files: [], clientId: uuid() });
  }

  /** Lead to the file that was not uploaded. @returns {boolean} whether there is one */
  #showFailed() {
    const { failed } = this.#tray;
    if (!failed) return false;
    this.#context.notice.show(phrase("file_failed_first", { name: failed.name }));
    this.#tray.focus(failed.id);
    return true;
  }
}
