/**
 * Where a person writes in a room or in a thread: a draft (composer_draft.js) with its files (composer_files.js), or the
 * edit of a message (composer_edit.js). What was written is sent by composer_sending.js.
 */

import { now } from "../clock.js";
import { Emitter } from "../emitter.js";
import { ComposerDraft } from "./composer_draft.js";
import { ComposerEdit } from "./composer_edit.js";
import { ComposerField } from "./composer_field.js";
import { ComposerFiles } from "./composer_files.js";
import { ComposerMode } from "./composer_mode.js";
import { ComposerSending } from "./composer_sending.js";
import { DraftWatch } from "./draft_watch.js";
import { typeAnywhere } from "./type_anywhere.js";
import { UploadTray } from "./upload_tray.js";
import { addWritingAids } from "./writing_aids.js";

/**
 * @import { Written } from "../drafts.js"
 * @import { RoomContext } from "../room_view.js"
 * @import { Stored } from "../unsent.js"
 * @import { Zone } from "./composer_zone.js"
 * @import { Edited } from "./composer_edit.js"
 * @import { Sent } from "./composer_sending.js"
 *
 * @typedef {RoomContext & {thread: number | null}} ComposerContext `thread`: the id of the first message of the thread
 *   that is written in
 *
 * @typedef {object} ComposerEvents
 * @property {[Sent]} send
 * @property {[Sent & {at: Date}]} schedule the draft stays until `scheduled` is called
 * @property {[{message: Edited, body: string}]} edit
 * @property {[]} typing
 * @property {[]} edit-last edit the person's last message
 * @property {[]} moved-to-draft the text of an edit was added to the draft
 */

const TYPING_EVERY_MS = 3_000;

/** @extends {Emitter<ComposerEvents>} */
export class Composer extends Emitter {
  #signal;
  #field;
  #tray;
  #draft;
  #edit;
  #sending;
  #watch;
  #typedAt = -Infinity;
  /** @type {Written | null} the draft that was restored when an edit was submitted */
  #waiting = null;

  /**
   * @param {HTMLElement} root has one composer (templates/chat/_composer.html) and nothing of another one
   * @param {RoomContext} room
   * @param {object} place
   * @param {Zone} place.zone where files can be dropped, and where a letter that is typed goes to this composer
   * @param {number | null} [place.thread] the id of the first message of a thread; null: write in the room itself
   */
  constructor(root, room, { zone, thread = null }) {
    super();
    const context = { ...room, thread };
    const { signal, store } = context;
    const mode = (this.mode = new ComposerMode(root, () => this.#cancelByButton(), signal));
    this.#signal = signal;
    this.#tray = new UploadTray(root, context);
    const hasFiles = () => this.#tray.files.length > 0 && mode.target?.mode !== "editing";
    this.#field = new ComposerField(root, { limit: () => store.limits.body, hasFiles }, signal);
    this.#draft = new ComposerDraft(context, this.#field, mode, this.#tray);
    this.#edit = new ComposerEdit(context, this.#field, mode);
    this.#sending = new ComposerSending(context, this.#field, this.#tray, this.#draft);
    this.#sending.on("send", (message) => this.#sent(message));
    this.#sending.on("schedule", (message) => this.emit("schedule", message));
    const isEdit = () => this.#edit.message !== null;
    const files = new ComposerFiles(root, context, zone, { field: this.#field, tray: this.#tray, isEdit });
    addWritingAids(root, context, this.#field, { files, isEdit });
    this.#field.on("input", () => this.#typed());
    this.#field.on("submit", () => this.#submit());
    this.#field.on("escape", (event) => this.#escaped(event));
    this.#field.on("up", (event) => this.#upInEmptyField(event));
    this.#tray.on("change", () => this.#filesChanged());
    this.#tray.on("empty", () => this.focusUnlessTouch());
    this.#watch = new DraftWatch(context, this.#draft, this.#field, () => this.#refresh());
    typeAnywhere(this, zone, signal);
    this.#sending.addMenu(root, { mode, isEdit, submit: (how) => this.#submit(how) });
    this.#draft.show();
    const { message, body } = this.#edit.read();
    if (message) this.#beginEdit(message, body);
    // Deferred: the listeners for `moved-to-draft` are added after this constructor.
    else if (body) queueMicrotask(() => this.#moveToDraft(body));
  }

  focus() {
    this.#field.focus();
  }

  /** Focus the field, except on a touch screen, where that opens the keyboard over the page. */
  focusUnlessTouch() {
    this.#field.focusUnlessTouch();
  }

  /** @param {Stored} message one of the person's own */
  edit(message) {
    this.#beginEdit(message, message.text);
    this.focus();
  }

  /** @param {Stored} message */
  reply(message) {
    this.cancel();
    this.#draft.answer(message);
    this.focus();
  }

  /** Stop editing or answering. A draft that was written before an edit comes back. */
  cancel() {
    const edited = this.#edit.leave();
    if (edited) {
      this.#edit.clear(edited.id);
      this.#draft.show();
    } else {
      this.#draft.leave();
      this.#draft.keep();
    }
  }

  /** A message was deleted: it can no longer be edited or answered. @param {number} id */
  messageDeleted(id) {
    if (this.#edit.message?.id !== id && this.#draft.replyTo !== id) return;
    const { changedText } = this.#edit;
    this.cancel();
    if (changedText) this.#moveToDraft(changedText);
  }

  /** The server stored an edit. @param {number} id the message's */
  editStored(id) {
    this.#edit.clear(id);
  }

  /**
   * The server refused an edit for good: move its text to the draft, so that it is not lost.
   * @param {number} id of the message
   * @param {string} body
   */
  editRefused(id, body) {
    this.#edit.clear(id);
    this.#moveToDraft(body);
  }

  /**
   * An edit could not be stored now: show it again, unless something else is being written. The draft that was restored
   * when the edit was submitted does not count, if it is unchanged: it stays stored.
   * @param {Edited} message
   * @param {string} body
   */
  editFailed(message, body) {
    // The edit is in the browser's storage: the next view of this room shows it.
    if (this.#signal.aborted) return;
    const isIdle = this.#draft.isEmpty || this.#draft.isUnchangedSince(this.#waiting);
    if (this.#edit.message || !isIdle) this.#moveToDraft(body);
    else this.#beginEdit(message, body);
  }

  /** @param {string} text */
  #moveToDraft(text) {
    this.#draft.append(text);
    if (this.#signal.aborted) return;
    this.#refresh();
    this.emit("moved-to-draft");
  }

  /** Show the stored draft, which was changed. */
  #refresh() {
    if (!this.#edit.message) this.#draft.show();
  }

  /** @param {Edited} message @param {string} body */
  #beginEdit(message, body) {
    this.#draft.leave();
    this.#edit.begin(message, body);
  }

  #typed() {
    this.#watch.typed();
    if (this.#edit.message) return this.#edit.keep();
    this.#draft.keep();
    const typedAt = now();
    if (!this.#field.text.trim() || typedAt - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = typedAt;
    this.emit("typing");
  }

  #filesChanged() {
    this.#draft.keep();
    this.#field.fit();
  }

  /** The server has scheduled a message: it has its files. @param {Sent} message */
  scheduled(message) {
    if (!this.#edit.message) this.#sending.scheduled(message);
  }

  /** @param {{silent?: boolean}} [how] */
  #submit(how = {}) {
    const { body } = this.#field;
    if (!this.#field.canSubmit) return;
    const edited = this.#edit.leave();
    if (edited) this.#submitEdit(edited, body);
    else this.#sending.submit(how);
  }

  /** @param {Sent} message */
  #sent(message) {
    this.#typedAt = -Infinity;
    this.emit("send", message);
  }

  /** @param {Edited} message @param {string} body */
  #submitEdit(message, body) {
    // The edit stays in the browser's storage until the server has it.
    this.#draft.show();
    this.#waiting = this.#draft.written;
    if (body === message.text) this.#edit.clear(message.id);
    else this.emit("edit", { message, body });
  }

  #cancelByButton() {
    this.cancel();
    // The button had the focus, and is hidden now.
    this.focusUnlessTouch();
  }

  /** @param {KeyboardEvent} event */
  #escaped(event) {
    if (!this.#edit.message && this.#draft.replyTo === null) return;
    event.preventDefault();
    this.cancel();
  }

  /** @param {KeyboardEvent} event */
  #upInEmptyField(event) {
    if (this.#edit.message) return;
    event.preventDefault();
    this.emit("edit-last");
  }
}
