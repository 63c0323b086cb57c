/**
 * The list above the composer's field that completes what a person begins to name: `@people`, `#rooms`, `:emoji:` and
 * `/commands`. Up and Down choose, Tab and Enter take, Escape closes. The field keeps the focus; it is a combobox while
 * the list is open.
 */

import { closest, drawAvatar, find, findAll, fromTemplate, setText, show } from "../dom.js";
import { isComposing } from "../shortcuts.js";
import { Timer } from "../timer.js";
import { triggerAt } from "../writing/trigger.js";
import { CompletionOptions } from "./completion_options.js";
import { drawEmoji } from "./emoji_sign.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Trigger } from "../writing/trigger.js"
 * @import { ComposerField } from "./composer_field.js"
 * @import { Option } from "./completion_options.js"
 */

const ASK_AFTER_MS = 150;

export class Completion {
  #field;
  #list;
  #known;
  #asking;
  #isAllowed;
  #urls;
  /** @type {Trigger | null} */
  #trigger = null;
  /** @type {Option[]} */
  #options = [];
  #active = 0;
  /** Where the sign is whose list the person closed. */
  #closedAt = -1;

  /**
   * @param {HTMLElement} root of the composer
   * @param {RoomContext} context
   * @param {ComposerField} field
   * @param {(trigger: Trigger) => boolean} isAllowed
   */
  constructor(root, context, field, isAllowed) {
    const { signal } = context;
    this.#field = field;
    this.#isAllowed = isAllowed;
    this.#urls = context.urls;
    this.#list = find(root, ".completion");
    this.#known = new CompletionOptions(context);
    this.#asking = new Timer(() => void this.#ask(), signal);
    const { element } = field;
    element.addEventListener("input", (event) => this.#changed(event), { signal });
    element.addEventListener("compositionend", () => this.#update(), { signal });
    element.addEventListener("click", () => this.#update(), { signal });
    element.addEventListener("keyup", (event) => isMove(event) && this.#update(), { signal });
    element.addEventListener("blur", () => this.#close(), { signal });
    // The field keeps the focus, and on a phone its keyboard.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    this.#list.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    this.#list.addEventListener("click", (event) => this.#clicked(event), { signal });
    field.addKeys((event) => this.#pressed(event));
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  /** Begin a name: type its sign, which opens the list. @param {string} sign */
  begin(sign) {
    const { text, from, to } = this.#field.selected;
    const before = from > 0 && !/\s/.test(text[from - 1] ?? "") ? " " : "";
    const typed = before + sign;
    this.#field.apply({ from, to, text: typed, select: [from + typed.length, from + typed.length] });
    this.#closedAt = -1;
    this.#update();
  }

  /** @param {Event} event */
  #changed(event) {
    // An input method shows its own list. `compositionend` follows.
    if (event instanceof InputEvent && event.isComposing) return this.#close();
    this.#update();
  }

  #update() {
    const { text, from, to } = this.#field.selected;
    const found = from === to ? triggerAt(text, from) : null;
    const trigger = found && this.#isAllowed(found) ? found : null;
    if (!trigger || trigger.from !== this.#closedAt) this.#closedAt = -1;
    if (!trigger || trigger.from === this.#closedAt) return this.#close();
    const former = this.#trigger;
    this.#trigger = trigger;
    if (former?.kind === trigger.kind && former.from === trigger.from && former.query === trigger.query) return;
    this.#active = 0;
    this.#draw();
    // Nothing began with less: what follows is the text of the message.
    const isHopeless = trigger.query.includes(" ") && !this.#options.length;
    if (isHopeless) this.#asking.stop();
    else this.#asking.start(trigger.kind === "emoji" || !trigger.query ? 0 : ASK_AFTER_MS);
  }

  async #ask() {
    const trigger = this.#trigger;
    if (!trigger || trigger.kind === "command") return;
    const isMore = await this.#known.ask(trigger);
    if (isMore && trigger === this.#trigger) this.#draw();
  }

  #draw() {
    if (!this.#trigger) return;
    const chosen = this.#active ? this.#options[this.#active]?.key : undefined;
    this.#options = this.#known.of(this.#trigger);
    // More may come from the server above the chosen one.
    this.#active = Math.max(0, this.#options.findIndex(({ key }) => key === chosen));
    this.#list.replaceChildren(...this.#options.map((option, at) => this.#element(option, at)));
    this.#list.dataset.kind = this.#trigger.kind;
    this.#show(this.#options.length > 0);
  }

  /** @param {Option} option @param {number} at */
  #element({ detail, isOnline, name, person, ranges, roomKind, sign = "", usage = "" }, at) {
    const element = fromTemplate("completion-option-template");
    element.id = `${this.#list.id}-${at}`;
    element.dataset.at = String(at);
    if (roomKind) element.dataset.room = roomKind;
    const avatar = find(element, ".avatar");
    show(avatar, person !== undefined);
    if (person) drawAvatar(avatar, { key: `u:${person.id}`, name: person.name, picture: person.avatar });
    show(find(element, ".completion-online"), isOnline === true);
    const signs = find(element, ".completion-sign");
    show(signs, sign !== "");
    drawEmoji(signs, sign, this.#urls);
    const label = find(element, ".option-name");
    let from = 0;
    for (const [start, end] of ranges) {
      label.append(name.slice(from, start), Object.assign(document.createElement("mark"), { textContent: name.slice(start, end) }));
      from = end;
    }
    label.append(name.slice(from));
    setText(find(element, ".completion-usage"), usage);
    setText(find(element, ".option-detail"), detail);
    return element;
  }

  /** @param {boolean} isShown */
  #show(isShown) {
    const { element } = this.#field;
    show(this.#list, isShown);
    if (isShown) {
      element.setAttribute("role", "combobox");
      element.setAttribute("aria-expanded", "true");
      element.setAttribute("aria-controls", this.#list.id);
    } else {
      for (const name of ["role", "aria-expanded", "aria-controls", "aria-activedescendant"]) element.removeAttribute(name);
    }
    this.#drawActive();
  }

  #drawActive() {
    const options = findAll(this.#list, "[role=option]");
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#active)));
    const active = options[this.#active];
    if (!active || !this.isOpen) return;
    this.#field.element.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key was for the list */
  #pressed(event) {
    if (!this.isOpen || isComposing(event)) return false;
    const { altKey, ctrlKey, key, metaKey, shiftKey } = event;
    if (altKey || ctrlKey || metaKey || shiftKey) return false;
    const step = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (step) {
      this.#active = (this.#active + step + this.#options.length) % this.#options.length;
      this.#drawActive();
    } else if (key === "Escape") {
      this.#closedAt = this.#trigger?.from ?? -1;
      this.#close();
    } else if (key === "Tab" || (key === "Enter" && !this.#isTyped)) {
      this.#take(this.#active);
    } else {
      // A name that is typed to its end needs no completion: Enter does what it always does.
      if (key === "Enter") this.#close();
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** Whether the chosen option is what is typed already. */
  get #isTyped() {
    const typed = this.#options[this.#active]?.typed.toLowerCase();
    return Boolean(typed) && typed === this.#trigger?.query.trim().toLowerCase();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const at = closest(event, "[role=option]")?.dataset.at;
    if (at !== undefined) this.#take(Number(at));
  }

  /** @param {number} at */
  #take(at) {
    const [option, trigger] = [this.#options[at], this.#trigger];
    if (!option || !trigger) return;
    this.#close();
    const { from } = trigger;
    // A space that is there already is used.
    const to = this.#field.text[trigger.to] === " " ? trigger.to + 1 : trigger.to;
    this.#field.focus();
    this.#field.apply({ from, to, text: option.text, select: [from + option.text.length, from + option.text.length] });
    // What was taken is no beginning of another name.
    this.#closedAt = from;
    this.#close();
  }

  #close() {
    this.#asking.stop();
    this.#trigger = null;
    this.#options = [];
    if (this.isOpen) this.#show(false);
  }
}

/** Whether a key moves the caret. @param {KeyboardEvent} event */
function isMove({ key }) {
  return key.startsWith("Arrow") || key === "Home" || key === "End";
}
