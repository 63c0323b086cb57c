/** Where one writes: Enter sends, Shift+Enter makes a line; it also edits and answers. */

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

/** Emits `send` {body, replyTo}, `edit` {message, body}, `typing`, and `edit-last` when one asks for one's last. */
export class Composer extends Emitter {
  #form = document.getElementById("compose");
  #field = document.getElementById("composer");
  #counter = document.getElementById("counter");
  #mode = document.getElementById("mode");
  #send = this.#form.querySelector(".send");
  #editing = null;
  #replyTo = null;
  #typedAt = -Infinity;

  /**
   * @param {{read: () => string, write: (text: string) => void}} draft
   * @param {() => number} limit characters that a message may have
   */
  constructor(draft, limit) {
    super();
    this.draft = draft;
    this.limit = limit;
    this.#field.value = draft.read();
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#pressed(event));
    this.#mode.querySelector("[data-cancel]").addEventListener("click", () => this.cancel());
    window.addEventListener("resize", () => this.#fit());
    this.#fit();
  }

  focus() {
    this.#field.focus();
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
    this.cancel();
    this.#editing = message;
    this.#enter("editing", "edit", phrase("editing"), "");
    this.#set(message.text);
    this.focus();
  }

  /** Answer a message. @param {object} message */
  reply(message) {
    this.cancel();
    this.#replyTo = message.id;
    const title = phrase("replying", { name: personName(senderOf(message)) });
    this.#enter("replying", "reply", title, excerpt(message));
    this.focus();
  }

  /** Leave editing or answering. What was typed before comes back. */
  cancel() {
    const wasEditing = this.#editing !== null;
    this.#editing = this.#replyTo = null;
    show(this.#mode, false);
    delete this.#form.dataset.mode;
    if (wasEditing) this.#set(this.draft.read());
  }

  /** A message that is edited or answered here is gone. @param {object} message */
  forget({ id }) {
    if (this.#editing?.id === id || this.#replyTo === id) this.cancel();
  }

  /** Bring back a change that could not be made, unless something else is being written. */
  restore(message, body) {
    if (this.#editing || this.#field.value) return;
    this.edit(message);
    this.#set(body);
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
    if (this.#editing) return;
    this.draft.write(this.#field.value);
    const typedAt = now();
    if (!this.#field.value.trim() || typedAt - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = typedAt;
    this.emit("typing");
  }

  #pressed(event) {
    // While an input method composes, Enter and the arrows are its own.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
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
      this.cancel();
      if (body !== message.text) this.emit("edit", { message, body });
      return;
    }
    const replyTo = this.#replyTo;
    this.cancel();
    this.#set("");
    this.draft.write("");
    this.#typedAt = -Infinity;
    this.emit("send", { body, replyTo });
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
    this.#send.disabled = left < 0 || !field.value.trim();
    field.setAttribute("aria-invalid", String(left < 0));
  }
}

function hasModifier({ altKey, ctrlKey, metaKey, shiftKey }) {
  return altKey || ctrlKey || metaKey || shiftKey;
}
