/**
 * Where one writes: Enter sends, Shift+Enter makes a line; on a touch screen, whose keyboard has no Shift+Enter, Enter
 * makes a line. It also edits and answers.
 */

import { bodyOf } from "../body.js";
import { now } from "../clock.js";
import { setText, show } from "../dom.js";
import { Emitter } from "../emitter.js";
import { phrase } from "../phrases.js";
import { personName, senderOf } from "../protocol.js";
import { excerpt } from "./message.js";

const TYPING_EVERY_MS = 3_000;
/** The counter shows when less than this part of the limit is left. */
const NEAR_LIMIT = 0.1;
const MOST_VIEWPORT = 0.4;
const NO_DRAFT = { text: "", reply: null };

/**
 * Emits `send` {body, replyTo, clientId}, `edit` {message, body}, `typing`, `edit-last` when one asks for one's last,
 * and `given-back` when a correction became a draft.
 */
export class Composer extends Emitter {
  #form = document.getElementById("compose");
  #field = document.getElementById("composer");
  #counter = document.getElementById("counter");
  #mode = document.getElementById("mode");
  #send = this.#form.querySelector(".send");
  #editing = null;
  /** What is answered: {id, name, text}. */
  #replyTo = null;
  #touch = matchMedia("(pointer: coarse)");
  #typedAt = -Infinity;
  /** The draft that came back when a correction was sent. */
  #waiting = null;

  /**
   * @param {object} parts
   * @param {import("../drafts.js").Draft} parts.draft
   * @param {import("../drafts.js").Correction} parts.correction
   * @param {() => number} parts.limit characters that a message may have
   * @param {(id: number) => object|undefined} parts.find a loaded message
   */
  constructor({ draft, correction, limit, find }) {
    super();
    Object.assign(this, { draft, correction, limit, find });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#pressed(event));
    this.#mode.querySelector("[data-cancel]").addEventListener("click", () => {
      this.cancel();
      // The button is hidden now, and the focus was on it.
      this.focusUnlessTouch();
    });
    // A tap on the button must not take the focus, and with it the keyboard, from the field.
    this.#send.addEventListener("mousedown", (event) => event.preventDefault());
    window.addEventListener("resize", () => this.#fit());
    if (this.#touch.matches) this.#field.enterKeyHint = "enter";
    this.#resume();
  }

  focus() {
    this.#field.focus();
  }

  /** Focus the field where that opens no keyboard over the page. */
  focusUnlessTouch() {
    if (!this.#touch.matches) this.focus();
  }

  /** Another tab of mine wrote or sent the draft. */
  refresh() {
    if (!this.#editing) this.#showDraft();
  }

  /** @param {string} room its name */
  nameRoom(room) {
    this.#field.placeholder = phrase("message_to", { room });
  }

  /** @param {boolean} open whether one may write here */
  open(open) {
    show(this.#form, open);
  }

  /** Change what I said. @param {object} message */
  edit(message) {
    this.#beginEdit(message, message.text);
    this.focus();
  }

  /** Answer a message. @param {object} message */
  reply(message) {
    this.cancel();
    this.#beginReply({ id: message.id, name: personName(senderOf(message)), text: excerpt(message) });
    this.#keepDraft();
    this.focus();
  }

  /** Leave editing or answering. What was typed before comes back. */
  cancel() {
    const editing = this.#editing;
    this.#leave();
    if (editing) {
      this.correction.clear(editing.id);
      this.#showDraft();
    } else {
      this.#keepDraft();
    }
  }

  /** A message that is edited or answered here is gone. @param {object} message */
  forget({ id }) {
    const correction = this.#editing?.id === id && this.#field.value;
    if (this.#editing?.id === id || this.#replyTo?.id === id) {
      const { text } = this.#editing ?? {};
      this.cancel();
      if (correction && correction !== text) this.giveBack(correction);
    }
  }

  /**
   * A change could not be made, and may be later: go on with it, unless something else is being written. A draft that
   * came back when the change was sent, and was not touched since, waits again.
   */
  restore(message, body) {
    const draft = this.#shown;
    const isIdle = isSame(draft, NO_DRAFT) || isSame(draft, this.#waiting);
    if (this.#editing || !isIdle) return this.giveBack(body);
    this.#beginEdit(message, body);
  }

  /** Text that found no place: add it to what is written. @param {string} text */
  giveBack(text) {
    const draft = this.draft.read();
    this.draft.write({ ...draft, text: draft.text ? `${draft.text}\n\n${text}` : text });
    this.refresh();
    this.emit("given-back");
  }

  /** Go on with what was being written when the page was left. */
  #resume() {
    // Whoever was faster than the page has typed already.
    const early = this.#field.value;
    if (early && !this.draft.read().text) this.draft.write({ text: early, reply: null });
    this.#showDraft();
    const kept = this.correction.read();
    if (!kept) return;
    const message = this.find(kept.message.id) ?? kept.message;
    if (message.deleted) this.#resumeDeleted(kept);
    else if (message.text === kept.body) this.correction.clear(message.id);
    else this.#beginEdit(message, kept.body);
  }

  #resumeDeleted({ message, body }) {
    this.correction.clear(message.id);
    // Whoever listens does so after this.
    if (body !== message.text) queueMicrotask(() => this.giveBack(body));
  }

  #beginEdit(message, body) {
    this.#leave();
    this.#editing = message;
    this.#enter("editing", "edit", phrase("editing"), "");
    this.#set(body);
    this.correction.write(message, body);
  }

  #beginReply(quoted) {
    this.#replyTo = quoted;
    this.#enter("replying", "reply", phrase("replying", { name: quoted.name }), quoted.text);
  }

  #leave() {
    this.#editing = this.#replyTo = null;
    show(this.#mode, false);
    delete this.#form.dataset.mode;
  }

  #showDraft() {
    const { text, reply } = this.draft.read();
    this.#leave();
    if (reply) this.#beginReply(reply);
    if (this.#field.value !== text) this.#set(text);
    else this.#fit();
  }

  #keepDraft() {
    this.draft.write(this.#shown);
  }

  get #shown() {
    return { text: this.#field.value, reply: this.#replyTo };
  }

  #enter(mode, icon, title, text) {
    this.#form.dataset.mode = mode;
    show(this.#mode, true);
    setText(this.#mode.querySelector(".mode-title"), title);
    setText(this.#mode.querySelector(".mode-text"), text);
  }

  #set(text) {
    this.#field.value = text;
    this.#fit();
  }

  #typed() {
    this.#fit();
    if (this.#editing) return this.correction.write(this.#editing, this.#field.value);
    this.#keepDraft();
    const typedAt = now();
    if (!this.#field.value.trim() || typedAt - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = typedAt;
    this.emit("typing");
  }

  #pressed(event) {
    // While an input method composes, Enter and the arrows are its own.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && (this.#touch.matches ? event.ctrlKey || event.metaKey : !event.shiftKey)) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && (this.#editing || this.#replyTo)) {
      event.preventDefault();
      this.cancel();
    } else if (event.key === "ArrowUp" && !hasModifier(event) && !this.#field.value && !this.#editing) {
      event.preventDefault();
      this.emit("edit-last");
    }
  }

  #submit() {
    const body = bodyOf(this.#field.value);
    if (!body || this.#left() < 0) return;
    if (this.#editing) {
      const message = this.#editing;
      // The correction is kept until the server has it.
      this.#showDraft();
      this.#waiting = this.#shown;
      if (body !== message.text) this.emit("edit", { message, body });
      else this.correction.clear(message.id);
      return;
    }
    const replyTo = this.#replyTo?.id ?? null;
    const clientId = this.draft.take(this.#shown);
    this.#leave();
    this.#set("");
    this.#typedAt = -Infinity;
    this.emit("send", { body, replyTo, clientId });
  }

  /** Characters left, counted as the server does: code points, without what is not sent. */
  #left() {
    const text = this.#field.value;
    if (text.length <= this.limit() * (1 - NEAR_LIMIT)) return this.limit() - text.length;
    return this.limit() - [...bodyOf(text)].length;
  }

  #fit() {
    const field = this.#field;
    field.style.height = "auto";
    const most = window.innerHeight * MOST_VIEWPORT;
    field.style.height = `${Math.min(field.scrollHeight, most)}px`;
    field.style.overflowY = field.scrollHeight > most ? "auto" : "hidden";
    const left = this.#left();
    show(this.#counter, left <= this.limit() * NEAR_LIMIT);
    this.#counter.classList.toggle("over", left < 0);
    setText(this.#counter, left < 0 ? phrase("over", { count: -left }) : phrase("left", { count: left }));
    this.#send.disabled = left < 0 || !bodyOf(field.value);
    field.setAttribute("aria-invalid", String(left < 0));
  }
}

function isSame(draft, other) {
  return draft.text === other?.text && draft.reply?.id === other.reply?.id;
}

function hasModifier({ altKey, ctrlKey, metaKey, shiftKey }) {
  return altKey || ctrlKey || metaKey || shiftKey;
}
