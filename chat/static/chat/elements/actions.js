/**
 * Offers what a person can do with a message: by a toolbar at the message under the mouse or with the keyboard's focus;
 * for fingers by a sheet (action_sheet.js). The actions are in message_actions.js.
 */

import { closest, find, findOptional, fromTemplate } from "../dom.js";
import { Emitter } from "../emitter.js";
import { actionOfKey } from "../message_actions.js";
import { ActionSheet } from "./action_sheet.js";
import { Toolbar } from "./toolbar.js";
import { onTouch } from "./touch.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Shown } from "../unsent.js"
 * @import { Timeline } from "./timeline.js"
 *
 * @typedef {object} Choice
 * @property {string} action of message_actions.js; or vote, tick, retry, discard, quote or remove_preview
 * @property {Shown} message
 * @property {string} [emoji] with react
 * @property {string} [url] with remove_preview
 * @property {HTMLInputElement} [box] with tick: the box that was clicked
 * @property {number} [option] with vote: the place of the option that was clicked
 *
 * @typedef {object} ActionEvents
 * @property {[Choice]} do
 */

/** @extends {Emitter<ActionEvents>} */
export class Actions extends Emitter {
  #log;
  #viewport;
  #timeline;
  #allowed;
  #toolbar;
  #picker;
  #sheet;
  /** What was used last. Touch gets no toolbar. @type {"mouse" | "keyboard" | "touch"} */
  #device = matchMedia("(pointer: coarse)").matches ? "touch" : "keyboard";
  /** Whether a key was pressed after the last click. */
  #wasKey = false;
  /** Whether a key, not a click, gave the focus to the article that has it. */
  #isByKey = false;
  /** @type {HTMLElement | null} the article that the mouse was moved to, not one that scrolled under a resting mouse */
  #hovered = null;

  /**
   * @param {HTMLElement} root of the room
   * @param {RoomContext} context
   * @param {{timeline: Timeline, allowed: (message: Shown) => Set<string>}} parts `allowed`: the actions of a message
   */
  constructor(root, context, { timeline, allowed }) {
    super();
    this.#log = find(root, ".log");
    this.#viewport = find(root, ".timeline");
    this.#timeline = timeline;
    this.#allowed = allowed;
    const choose = (/** @type {string} */ action) => this.#toolbar.article && this.#do(action, this.#toolbar.article);
    const menu = context.threadCopy && (findOptional(root, ".message-menu") ?? undefined);
    this.#toolbar = new Toolbar(fromTemplate("actions-template"), context.picker, choose, context.signal, menu);
    this.#sheet = new ActionSheet(context);
    this.#sheet.on("do", (choice) => this.#chosenInSheet(choice));
    this.#picker = context.picker;
    this.#listen(context.signal);
  }

  /** The toolbar's buttons that can be used, in order. */
  get buttons() {
    return this.#toolbar.buttons;
  }

  /** Whether an element is in the toolbar. @param {Element} element */
  has(element) {
    return this.#toolbar.element.contains(element);
  }

  /** Messages or permissions changed: offer what can be done now. */
  refresh() {
    this.#sheet.refresh(this.#allowed);
    const active = document.activeElement;
    const focused = active?.matches(":focus-visible") && this.#log.contains(active) ? active.closest(".message") : null;
    const article = this.#toolbar.article ?? /** @type {HTMLElement | null} */ (focused) ?? this.#hovered;
    if (article?.isConnected && this.#device !== "touch") this.#offer(article);
  }

  /** Put the toolbar at a message. @param {HTMLElement | null} article */
  show(article) {
    if (article && this.#toolbar.article !== article) this.#offer(article);
  }

  /**
   * Do what a key means for an article that got the focus by a key. After a click, letters are text for the composer.
   * @param {KeyboardEvent} event
   * @param {HTMLElement} article
   * @returns {boolean} whether the key means something
   */
  pressed(event, article) {
    const action = this.#isByKey ? actionOfKey(event, this.#allowed(this.#timeline.messageOf(article))) : undefined;
    if (action) this.#do(action, article);
    return action !== undefined;
  }

  /** Leave the toolbar. @returns {HTMLElement | null} what gets the focus */
  leave() {
    return this.#toolbar.article;
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    /** @param {PointerEvent} event */
    const pointed = ({ type, pointerType }) => {
      this.#device = pointerType === "touch" ? "touch" : "mouse";
      if (type === "pointerdown") this.#wasKey = false;
    };
    for (const type of /** @type {const} */ (["pointerdown", "pointermove"])) {
      document.addEventListener(type, pointed, { capture: true, signal });
    }
    const keyPressed = () => {
      this.#device = "keyboard";
      this.#wasKey = true;
    };
    document.addEventListener("keydown", keyPressed, { capture: true, signal });
    this.#log.addEventListener("pointermove", (event) => this.#moved(event), { signal });
    this.#log.addEventListener("focusin", (event) => this.#focused(event), { signal });
    // Before the listener for clicks: it stops the click that follows a long press.
    onTouch(this.#log, (target) => this.#touched(target.closest(".message")), signal);
    this.#log.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.#viewport.addEventListener("pointerleave", (event) => this.#left(event), { signal });
    /** @param {FocusEvent} event */
    const blurred = ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.#viewport.contains(relatedTarget))) this.#toolbar.hideUnlessUsed();
    };
    this.#viewport.addEventListener("focusout", blurred, { signal });
  }

  /** @param {HTMLElement} article */
  #offer(article) {
    this.#toolbar.offer(article, this.#allowed(this.#timeline.messageOf(article)));
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    if (event.pointerType === "touch") return;
    this.#hovered = closest(event, ".message");
    // A mouse that is pushed by chance does not disturb someone at the keyboard.
    if (!this.#toolbar.isInUse) this.show(this.#hovered);
  }

  /** @param {PointerEvent} event */
  #left({ pointerType }) {
    // A finger leaves before its click comes.
    if (pointerType === "touch") return;
    this.#hovered = null;
    this.#toolbar.hideUnlessUsed();
  }

  /** @param {FocusEvent} event */
  #focused(event) {
    this.#isByKey = this.#wasKey;
    if (this.#device !== "touch") this.show(closest(event, ".message"));
  }

  /** @param {HTMLElement | null} article */
  #touched(article) {
    const message = article && this.#timeline.messageOf(article);
    if (!message || message.id === null || message.deleted) return;
    this.#toolbar.hide();
    this.#sheet.open(message, this.#allowed(message), article);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const article = closest(event, ".message");
    if (!article) return;
    if (closest(event, "[data-more]")) return this.#toolbar.toggleMenu();
    const message = this.#timeline.messageOf(article);
    const emoji = closest(event, "[data-emoji]")?.dataset.emoji;
    const action = closest(event, "[data-action]")?.dataset.action;
    if (closest(event, ".quote[href]")) {
      event.preventDefault();
      this.emit("do", { action: "quote", message });
    } else if (action === "vote") {
      this.emit("do", { action, message, option: Number(closest(event, "[data-option]")?.dataset.option) });
    } else if (action === "tick" && event.target instanceof HTMLInputElement) {
      this.emit("do", { action, message, box: event.target });
    } else if (emoji) {
      this.emit("do", { action: "react", message, emoji });
    } else if (action) {
      this.#do(action, article, closest(event, "[data-url]")?.dataset.url);
    }
  }

  /** @param {string} action @param {HTMLElement} article @param {string} [url] */
  #do(action, article, url) {
    if (action === "react") {
      this.show(article);
      this.#toolbar.pickEmoji((emoji) => this.#react(article, emoji));
    } else {
      this.emit("do", { action, message: this.#timeline.messageOf(article), url });
    }
  }

  /** @param {HTMLElement} article @param {string} emoji */
  #react(article, emoji) {
    this.emit("do", { action: "react", message: this.#timeline.messageOf(article), emoji });
  }

  /** @param {Choice} choice */
  #chosenInSheet(choice) {
    const { action, emoji, message } = choice;
    const article = message.id === null ? undefined : this.#timeline.articleOf(message.id);
    if (action === "react" && !emoji && article) this.#picker.open(article, (picked) => this.#react(article, picked));
    else this.emit("do", choice);
  }
}
