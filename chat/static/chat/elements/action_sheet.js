/**
 * The sheet at the bottom of a touch screen: reactions, and what else a person can do with a message.
 * It closes by Cancel, a touch beside it, Escape, the way back, and a swipe down on its head. It is the shell's dialog
 * `#action-sheet`.
 */

import { byId, closest, find, findAll, findOptional, setText, show } from "../dom.js";
import { Emitter } from "../emitter.js";
import { phrase } from "../phrases.js";
import { isReactedBy, reactionNames } from "../reactions.js";
import { senderOf } from "../senders.js";
import { shownCopy } from "../shown_copy.js";
import { sheetButtons } from "./action_buttons.js";
import { plainText } from "./message_text.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Shown } from "../unsent.js"
 * @import { ActionEvents, Choice } from "./actions.js"
 */

const SWIPE_PX = 60;

// A page that was reloaded while the sheet was open has its entry in the history, and no sheet.
if (history.state?.sheet) history.replaceState({ ...history.state, sheet: false }, "");

/** @extends {Emitter<ActionEvents>} */
export class ActionSheet extends Emitter {
  #dialog = byId("action-sheet", HTMLDialogElement);
  #head = find(this.#dialog, ".sheet-head");
  #context;
  /** @type {Shown | null} */
  #message = null;
  /** @type {HTMLElement | null} */
  #article = null;
  /** Whether a press began on the open sheet. The release of the long press that opened it chooses nothing. */
  #isPressed = false;
  /** @type {number | null} where a swipe began, in pixels */
  #swipe = null;

  /** @param {RoomContext} context */
  constructor(context) {
    super();
    const { signal } = context;
    const [dialog, head] = [this.#dialog, this.#head];
    this.#context = context;
    // The rooms of a tab share the sheet. The button that cancels is the last one.
    if (!findOptional(dialog, ".sheet-list [data-needs]")) find(dialog, ".sheet-list").prepend(...sheetButtons());
    dialog.addEventListener("pointerdown", () => (this.#isPressed = true), { signal });
    dialog.addEventListener("keydown", () => (this.#isPressed = true), { signal });
    dialog.addEventListener("click", (event) => this.#clicked(event), { signal });
    dialog.addEventListener("close", () => this.#closed(), { signal });
    const popped = () => dialog.open && !history.state?.sheet && dialog.close();
    window.addEventListener("popstate", popped, { signal });
    head.addEventListener("pointerdown", (event) => this.#grab(event), { signal });
    head.addEventListener("pointermove", (event) => this.#drag(event), { signal });
    // Else the browser takes a quick swipe for a scroll that goes on, and a tap in the next half second only ends it.
    head.addEventListener("touchmove", (event) => this.#swipe !== null && event.preventDefault(), { passive: false, signal });
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"])) {
      head.addEventListener(type, (event) => this.#drop(event), { signal });
    }
    // The event `close` comes later, when its listener is gone.
    signal.addEventListener("abort", () => {
      if (!dialog.open) return;
      dialog.close();
      this.#closed();
    });
  }

  /**
   * @param {Shown} message
   * @param {Set<string>} allowed which actions it takes
   * @param {HTMLElement} article gets the focus when the sheet closes
   */
  open(message, allowed, article) {
    if (this.#dialog.open) return;
    this.#article = article;
    this.#isPressed = false;
    this.#draw(message, allowed);
    // With an entry of its own in the history, the way back closes the sheet and stays in the room.
    history.pushState({ ...history.state, sheet: true }, "");
    this.#dialog.showModal();
    this.#dialog.scrollTop = 0;
  }

  /** Messages or permissions changed. @param {(message: Shown) => Set<string>} allowedOf */
  refresh(allowedOf) {
    const id = this.#message?.id;
    if (!this.#dialog.open || typeof id !== "number") return;
    const message = shownCopy(this.#context)?.get(id);
    if (!message || message.deleted) this.#dialog.close();
    else this.#draw(message, allowedOf(message));
  }

  /** @param {Shown} message @param {Set<string>} allowed */
  #draw(message, allowed) {
    const dialog = this.#dialog;
    this.#message = message;
    setText(find(dialog, ".sheet-author"), this.#context.store.people.nameOf(senderOf(message)));
    setText(find(dialog, ".sheet-text"), plainText(message));
    for (const part of findAll(dialog, "[data-needs]")) {
      show(part, allowed.has(part.dataset.needs ?? ""));
    }
    const mine = message.reactions.filter((reaction) => isReactedBy(reaction, this.#context.store.you));
    for (const button of findAll(dialog, "[data-emoji]")) {
      button.setAttribute("aria-pressed", String(mine.some(({ emoji }) => emoji === button.dataset.emoji)));
    }
    const { people } = this.#context.store;
    const lines = message.reactions.map((reaction) => {
      const textContent = phrase("reacted", { emoji: reaction.emoji, names: reactionNames(reaction, (person) => people.name(person)) });
      return Object.assign(document.createElement("li"), { textContent });
    });
    find(dialog, ".sheet-reactions").replaceChildren(...lines);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const message = this.#message;
    // Clicks that keys and screen readers make have a detail of 0.
    if (!message || (!this.#isPressed && event.detail !== 0)) return;
    const emoji = closest(event, "[data-emoji]")?.dataset.emoji;
    const action = closest(event, "[data-action]")?.dataset.action;
    if (emoji) this.#choose({ action: "react", message, emoji });
    else if (action) this.#choose({ action, message });
    // The dialog has no padding: a click on itself is beside its content.
    else if (event.target === this.#dialog) this.#dialog.close();
  }

  /** @param {Choice} choice */
  #choose(choice) {
    this.#dialog.close();
    if (choice.action !== "cancel") this.emit("do", choice);
  }

  #closed() {
    // The sheet was that of another timeline: of the room, or of the thread beside it.
    if (!this.#message) return;
    this.#message = null;
    this.#dialog.style.translate = "";
    if (history.state?.sheet) history.back();
    // An action may have moved the focus: into the composer, or to another dialog.
    const active = document.activeElement;
    const isLost = active === document.body || active === this.#dialog;
    if (isLost && this.#article?.isConnected) this.#article.focus({ preventScroll: true });
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (!this.#message || closest(event, ".sheet-text")) return;
    this.#swipe = event.clientY;
    this.#head.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #drag({ clientY }) {
    if (this.#swipe !== null) this.#dialog.style.translate = `0 ${Math.max(0, clientY - this.#swipe)}px`;
  }

  /** @param {PointerEvent} event */
  #drop({ type, clientY }) {
    if (this.#swipe === null) return;
    const isFar = type === "pointerup" && clientY - this.#swipe > SWIPE_PX;
    this.#swipe = null;
    if (isFar) this.#dialog.close();
    else this.#dialog.style.translate = "";
  }
}
