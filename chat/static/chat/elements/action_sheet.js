/**
 * The sheet at the bottom of a touch screen: reactions, and what else one can do with a message.
 * It closes by Cancel, a touch beside it, Escape, the way back, and a swipe down on its head.
 */

import { setText, show } from "../dom.js";
import { Emitter } from "../emitter.js";
import { phrase } from "../phrases.js";
import { personName, senderOf } from "../protocol.js";
import { plainText } from "./message.js";

const SWIPE_PX = 60;

// A page that was reloaded while the sheet was open has its entry in the history, and no sheet.
if (history.state?.sheet) history.replaceState({ ...history.state, sheet: false }, "");

/** Emits `do` {action, message, emoji, pressed}: action is react, reply, copy, edit or delete. */
export class ActionSheet extends Emitter {
  #dialog = document.getElementById("action-sheet");
  #head = this.#dialog.querySelector(".sheet-head");
  #message = null;
  #article = null;
  /** Whether a finger, or a key, came down on the open sheet: the end of a long press is no choice. */
  #armed = false;
  #swipe = null;

  /** @param {import("./timeline.js").Timeline} timeline */
  constructor(timeline) {
    super();
    this.timeline = timeline;
    const dialog = this.#dialog;
    dialog.addEventListener("pointerdown", () => (this.#armed = true));
    dialog.addEventListener("keydown", () => (this.#armed = true));
    dialog.addEventListener("click", (event) => this.#clicked(event));
    dialog.addEventListener("close", () => this.#closed());
    window.addEventListener("popstate", () => {
      if (dialog.open && !history.state?.sheet) dialog.close();
    });
    this.#head.addEventListener("pointerdown", (event) => this.#grab(event));
    this.#head.addEventListener("pointermove", (event) => this.#drag(event));
    for (const type of ["pointerup", "pointercancel"]) {
      this.#head.addEventListener(type, (event) => this.#drop(event));
    }
  }

  /**
   * @param {object} message
   * @param {Set<string>} allowed which actions it takes
   * @param {HTMLElement} article where the focus goes back to
   */
  open(message, allowed, article) {
    if (this.#dialog.open) return;
    this.#article = article;
    this.#armed = false;
    this.#draw(message, allowed);
    // The way back closes the sheet and leaves the room alone.
    history.pushState({ ...history.state, sheet: true }, "");
    this.#dialog.showModal();
    this.#dialog.scrollTop = 0;
  }

  /** Messages or rules changed. @param {(message: object) => Set<string>} allowedOf */
  refresh(allowedOf) {
    if (!this.#dialog.open) return;
    const { store, room } = this.timeline;
    const message = store.copy(room)?.get(this.#message.id);
    if (!message || message.deleted) this.#dialog.close();
    else this.#draw(message, allowedOf(message));
  }

  #draw(message, allowed) {
    const dialog = this.#dialog;
    this.#message = message;
    setText(dialog.querySelector(".sheet-author"), personName(senderOf(message)));
    setText(dialog.querySelector(".sheet-text"), plainText(message));
    for (const part of dialog.querySelectorAll("[data-needs]")) show(part, allowed.has(part.dataset.needs));
    const me = this.timeline.store.you.user?.id;
    const mine = message.reactions.filter(({ people }) => people.some(({ id }) => id === me));
    for (const button of dialog.querySelectorAll("[data-emoji]")) {
      button.setAttribute("aria-pressed", String(mine.some(({ emoji }) => emoji === button.dataset.emoji)));
    }
    const lines = message.reactions.map(({ emoji, people }) => {
      const names = people.map(({ name }) => name).join(", ");
      return Object.assign(document.createElement("li"), { textContent: phrase("reacted", { emoji, names }) });
    });
    dialog.querySelector(".sheet-reactions").replaceChildren(...lines);
  }

  #clicked({ target, detail }) {
    // Clicks that keys and screen readers make have no detail.
    if (!this.#armed && detail !== 0) return;
    const emoji = target.closest("[data-emoji]")?.dataset.emoji;
    const action = target.closest("[data-action]")?.dataset.action;
    const message = this.#message;
    if (emoji) {
      const pressed = message.reactions.find((reaction) => reaction.emoji === emoji);
      this.#choose({ action: "react", message, emoji, pressed });
    } else if (action) {
      this.#choose({ action, message });
    } else if (target === this.#dialog) {
      // The dialog has no padding: what is not on its content is beside it.
      this.#dialog.close();
    }
  }

  #choose(what) {
    this.#dialog.close();
    if (what.action !== "cancel") this.emit("do", what);
  }

  #closed() {
    this.#dialog.style.translate = "";
    if (history.state?.sheet) history.back();
    // An action may have put the focus elsewhere: into the composer, or a dialog.
    const lost = [document.body, this.#dialog].includes(document.activeElement);
    if (lost && this.#article.isConnected) this.#article.focus({ preventScroll: true });
  }

  #grab({ clientY, pointerId, target }) {
    if (target.closest(".sheet-text")) return;
    this.#swipe = clientY;
    this.#head.setPointerCapture(pointerId);
  }

  #drag({ clientY }) {
    if (this.#swipe !== null) this.#dialog.style.translate = `0 ${Math.max(0, clientY - this.#swipe)}px`;
  }

  #drop({ type, clientY }) {
    if (this.#swipe === null) return;
    const far = type === "pointerup" && clientY - this.#swipe > SWIPE_PX;
    this.#swipe = null;
    if (far) this.#dialog.close();
    else this.#dialog.style.translate = "";
  }
}
