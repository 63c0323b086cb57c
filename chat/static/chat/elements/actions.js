/**
 * What one can do with a message: a toolbar that goes where the mouse or the keyboard's focus is, and for fingers a
 * sheet (see action_sheet.js). The keys are in timeline_keys.js.
 */

import { fromTemplate, show } from "../dom.js";
import { Emitter } from "../emitter.js";
import { ActionSheet } from "./action_sheet.js";
import { onTouch } from "./touch.js";

/** Emits `do` {action, message, emoji, pressed}: action is react, reply, edit, delete, copy, retry, discard or quote. */
export class Actions extends Emitter {
  #viewport = document.getElementById("timeline");
  #toolbar = fromTemplate("actions-template");
  #palette = this.#toolbar.querySelector(".palette");
  #reactButton = this.#toolbar.querySelector('[data-action="react"]');
  #sheet;
  #hiding = false;
  /** What was used last: mouse, keyboard or touch. Only the first two get a toolbar. */
  #hand = "keyboard";
  /** The message that the mouse was moved to. A message that comes to lie under a resting mouse is not meant. */
  #hovered = null;

  /**
   * @param {import("./timeline.js").Timeline} timeline
   * @param {(message: object) => Set<string>} allowed which actions a message takes
   */
  constructor(timeline, allowed) {
    super();
    this.timeline = timeline;
    this.allowed = allowed;
    this.#sheet = new ActionSheet(timeline);
    const log = document.getElementById("log");
    for (const button of this.#toolbar.querySelectorAll("button")) button.tabIndex = -1;
    for (const type of ["pointerdown", "pointermove"]) {
      document.addEventListener(type, ({ pointerType }) => (this.#hand = pointerType === "touch" ? "touch" : "mouse"), true);
    }
    document.addEventListener("keydown", () => (this.#hand = "keyboard"), true);
    log.addEventListener("pointermove", (event) => this.#moved(event));
    log.addEventListener("focusin", ({ target }) => this.#focused(target));
    log.addEventListener("click", (event) => this.#clicked(event));
    onTouch(log, (target) => this.#touched(target.closest(".message")));
    this.#viewport.addEventListener("pointerleave", ({ pointerType }) => {
      // A finger leaves before its click comes.
      if (pointerType === "touch") return;
      this.#hovered = null;
      this.#hideUnlessUsed();
    });
    this.#viewport.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.#viewport.contains(relatedTarget)) this.#hideUnlessUsed();
    });
    this.#sheet.on("do", (what) => this.emit("do", what));
  }

  /** The toolbar's buttons that can be used, or those of its open palette, in order. */
  get buttons() {
    const group = this.#palette.hidden ? this.#toolbar : this.#palette;
    return [...group.querySelectorAll(":scope > button")].filter((button) => !button.hidden);
  }

  /** @param {Element} element @returns {boolean} whether it is in the toolbar */
  has(element) {
    return this.#toolbar.contains(element);
  }

  /** Messages or rules changed: show what can be done now where the toolbar is, or belongs. */
  refresh() {
    this.#sheet.refresh(this.allowed);
    const active = document.activeElement;
    const focused = active.matches(":focus-visible") ? active.closest("#log .message") : null;
    const article = this.#toolbar.closest(".message") ?? focused ?? this.#hovered;
    if (article?.isConnected && this.#hand !== "touch") this.#offer(article);
  }

  /** Put the toolbar at a message. @param {HTMLElement|null} article */
  show(article) {
    if (article && this.#toolbar.parentElement !== article) this.#offer(article);
  }

  /** Close the palette, or go back from the toolbar to its message. */
  leave() {
    if (this.#palette.hidden) this.#toolbar.closest(".message").focus();
    else this.#openPalette(false);
  }

  #offer(article) {
    const allowed = this.allowed(this.timeline.messageOf(article));
    if (this.#toolbar.parentElement !== article || allowed.size === 0) this.#hide();
    if (allowed.size === 0) return;
    for (const button of this.#toolbar.querySelectorAll("[data-action]")) {
      show(button, allowed.has(button.dataset.action));
    }
    if (!article.contains(this.#toolbar)) article.append(this.#toolbar);
  }

  #hide() {
    // Taking away what has the focus fires focusout, which comes here again.
    if (this.#hiding) return;
    this.#hiding = true;
    this.#openPalette(false);
    this.#toolbar.remove();
    this.#hiding = false;
  }

  #hideUnlessUsed() {
    if (!this.#toolbar.contains(document.activeElement)) this.#hide();
  }

  #moved({ pointerType, target }) {
    if (pointerType === "touch") return;
    this.#hovered = target.closest(".message");
    // Someone at the keyboard is not disturbed by a mouse that is pushed.
    if (this.#palette.hidden && !this.#toolbar.querySelector(":focus-visible")) this.show(this.#hovered);
  }

  #focused(target) {
    if (this.#hand !== "touch") this.show(target.closest(".message"));
  }

  #touched(article) {
    const message = article && this.timeline.messageOf(article);
    if (!message || message.id === null || message.deleted) return;
    this.#hide();
    this.#sheet.open(message, this.allowed(message), article);
  }

  #clicked(event) {
    const { target } = event;
    const article = target.closest(".message");
    if (!article) return;
    const message = this.timeline.messageOf(article);
    const emoji = target.closest("[data-emoji]")?.dataset.emoji;
    const action = target.closest("[data-action]")?.dataset.action;
    if (target.closest(".quote[href]")) {
      event.preventDefault();
      this.emit("do", { action: "quote", message });
    } else if (action === "react") {
      this.#openPalette(this.#palette.hidden);
    } else if (emoji) {
      const pressed = message.reactions.find((reaction) => reaction.emoji === emoji);
      this.#openPalette(false);
      this.emit("do", { action: "react", message, emoji, pressed });
    } else if (action) {
      this.emit("do", { action, message });
    }
  }

  #openPalette(open) {
    if (this.#palette.hidden !== open) return;
    // First the focus: what is hidden loses it to nobody.
    if (!open && this.#palette.contains(document.activeElement)) this.#reactButton.focus();
    show(this.#palette, open);
    this.#reactButton.setAttribute("aria-expanded", String(open));
    if (open) {
      // Under a message at the top there is no room above.
      const room = this.#toolbar.getBoundingClientRect().top - this.#viewport.getBoundingClientRect().top;
      this.#palette.classList.toggle("below", room < 64);
      this.#palette.firstElementChild.focus();
    }
  }
}
