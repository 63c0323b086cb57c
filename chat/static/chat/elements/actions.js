/**
 * What one can do with a message: one toolbar that goes where the pointer or the focus is, and the keys.
 *
 * Keys on a message: Up, Down, Home, End go to others; Enter to its toolbar; Escape to the composer. In the toolbar:
 * Left and Right; Escape goes back to the message.
 */

import { Emitter } from "../emitter.js";
import { fromTemplate, show } from "../dom.js";

const STEP = { ArrowUp: -1, ArrowDown: 1 };

/** Emits `do` {action, message, emoji, on}: action is react, reply, edit, delete, retry, discard or quote. */
export class Actions extends Emitter {
  #toolbar = fromTemplate("actions-template");
  #palette = this.#toolbar.querySelector(".palette");
  #reactButton = this.#toolbar.querySelector('[data-action="react"]');
  #hiding = false;
  #viewport = document.getElementById("timeline");

  /**
   * @param {import("./timeline.js").Timeline} timeline
   * @param {(message: object) => Set<string>} allowed which actions a message takes
   */
  constructor(timeline, allowed) {
    super();
    this.timeline = timeline;
    this.allowed = allowed;
    const log = document.getElementById("log");
    log.addEventListener("pointerover", ({ target }) => this.#pointed(target.closest(".message")));
    log.addEventListener("focusin", ({ target }) => this.#show(target.closest(".message")));
    log.addEventListener("click", (event) => this.#clicked(event));
    this.#viewport.addEventListener("keydown", (event) => this.#pressed(event));
    this.#viewport.addEventListener("pointerleave", () => this.#hideUnlessUsed());
    this.#viewport.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.#viewport.contains(relatedTarget)) this.#hideUnlessUsed();
    });
  }

  /** Messages or rules changed: put the toolbar away where there is nothing left to do. */
  refresh() {
    const article = this.#toolbar.closest(".message");
    if (article && this.allowed(this.timeline.messageOf(article)).size === 0) this.#hide();
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

  #pointed(article) {
    // Someone at the keyboard is not disturbed by a pointer that lies around.
    if (this.#palette.hidden && !this.#toolbar.querySelector(":focus-visible")) this.#show(article);
  }

  #show(article) {
    if (!article || this.#toolbar.parentElement === article) return;
    this.#hide();
    const message = this.timeline.messageOf(article);
    const allowed = this.allowed(message);
    if (allowed.size === 0) return;
    const buttons = [...this.#toolbar.querySelectorAll("[data-action]")];
    for (const button of buttons) show(button, allowed.has(button.dataset.action));
    this.#rove(buttons.find((button) => !button.hidden));
    article.append(this.#toolbar);
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
    if (!open && this.#palette.contains(document.activeElement)) this.#rove(this.#reactButton).focus();
    show(this.#palette, open);
    this.#reactButton.setAttribute("aria-expanded", String(open));
    if (open) {
      // Under a message at the top there is no room above.
      const room = this.#toolbar.getBoundingClientRect().top - this.#viewport.getBoundingClientRect().top;
      this.#palette.classList.toggle("below", room < 64);
      this.#rove(this.#palette.firstElementChild).focus();
    }
  }

  #pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (this.#toolbar.contains(event.target)) this.#pressedInToolbar(event);
    else if (event.target.matches?.(".message") || event.target === this.#viewport) this.#pressedOnMessage(event);
    else if (event.key === "Escape") document.getElementById("composer").focus();
  }

  #pressedOnMessage(event) {
    const articles = [...this.timeline.articles];
    const at = articles.indexOf(event.target);
    let next = null;
    if (event.key in STEP && at >= 0) next = articles[at + STEP[event.key]];
    else if (event.key === "ArrowUp" || event.key === "End") next = articles.at(-1);
    else if (event.key === "Home") next = articles[0];
    else if (event.key === "Escape") next = document.getElementById("composer");
    else if (event.key === "Enter" && at >= 0) next = this.#first(event.target);
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (articles.includes(next)) next.scrollIntoView({ block: "nearest" });
  }

  /** What Enter goes to: the toolbar, or the buttons of a message that was not sent. */
  #first(article) {
    return [...article.querySelectorAll(".actions button, .fate button")].find((button) => button.offsetParent);
  }

  #pressedInToolbar(event) {
    const inPalette = this.#palette.contains(event.target);
    const group = inPalette ? this.#palette : this.#toolbar;
    const buttons = [...group.querySelectorAll(":scope > button")].filter((button) => !button.hidden);
    const at = buttons.indexOf(event.target);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      event.preventDefault();
      const way = document.dir === "rtl" ? -step : step;
      this.#rove(buttons.at((at + way) % buttons.length)).focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (inPalette) this.#openPalette(false);
      else this.#toolbar.closest(".message").focus();
    }
  }

  /** One stop for Tab in the toolbar: this button. */
  #rove(button) {
    for (const other of this.#toolbar.querySelectorAll("button")) other.tabIndex = -1;
    button.tabIndex = 0;
    return button;
  }
}
