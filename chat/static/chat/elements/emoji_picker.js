/**
 * The picker of emoji, `#emoji-picker`: a search, the emoji that were used last, all others by category, and the site's
 * own. One for the tab: whoever opens it says what to do with the emoji.
 *
 * Keys: in the search, Enter takes the first emoji and Down goes to them; there the arrows, Home and End move, and
 * letters search again. The categories are one stop of Tab, with Left and Right. Escape closes.
 */

import { byId, closest, find, setText, show } from "../dom.js";
import { EmojiChoices } from "../emoji_choices.js";
import { phrase } from "../phrases.js";
import { isComposing } from "../shortcuts.js";
import { EmojiGrid } from "./emoji_grid.js";
import { EmojiGroups } from "./emoji_groups.js";
import { drawEmoji } from "./emoji_sign.js";
import { EmojiTabs } from "./emoji_tabs.js";
import { EmojiTones } from "./emoji_tones.js";

/** @import { TabContext } from "../room_view.js" */

const MARGIN_PX = 8;

export class EmojiPicker {
  #root = byId("emoji-picker");
  #field = find(this.#root, "input", HTMLInputElement);
  #tabs = new EmojiTabs(find(this.#root, ".emoji-tabs"));
  #tab;
  #choices;
  #grid;
  #tones;
  #groups;
  /** @type {HTMLElement | null} */
  #anchor = null;
  /** @type {(emoji: string) => void} */
  #choose = () => {};

  /** @param {Pick<TabContext, "customEmoji" | "owner" | "storage" | "store" | "urls">} tab */
  constructor(tab) {
    this.#tab = tab;
    this.#choices = new EmojiChoices(tab.storage, tab.owner);
    this.#groups = new EmojiGroups(tab, this.#choices);
    const body = find(this.#root, ".emoji-body");
    this.#grid = new EmojiGrid(body, tab.urls);
    this.#tones = new EmojiTones(find(this.#root, ".emoji-tones"), this.#choices);
    this.#field.addEventListener("input", () => this.#search());
    this.#root.addEventListener("keydown", (event) => this.#pressed(event));
    this.#root.addEventListener("click", (event) => this.#clicked(event));
    this.#root.addEventListener("toggle", (event) => this.#toggled(event));
    for (const type of ["pointerover", "focusin"]) body.addEventListener(type, (event) => this.#name(event));
    tab.customEmoji.on("change", () => this.isOpen && this.#drawAll());
  }

  get isOpen() {
    return this.#root.matches(":popover-open");
  }

  /**
   * Open the picker, or close it if it is open at the same element.
   * @param {HTMLElement} anchor it opens beside it, which has the focus afterwards
   * @param {(emoji: string) => void} choose
   */
  open(anchor, choose) {
    const wasHere = this.isOpen && this.#anchor === anchor;
    this.close();
    if (wasHere) return;
    this.#anchor = anchor;
    this.#choose = choose;
    this.#field.value = "";
    if (anchor.hasAttribute("aria-expanded")) anchor.setAttribute("aria-expanded", "true");
    this.#root.showPopover();
    this.#drawAll();
    this.#place(anchor);
    // On a touch screen, the field would open the keyboard over the emoji.
    if (matchMedia("(pointer: fine)").matches) this.#field.focus();
    else this.#root.focus();
    void this.#load();
  }

  /** Close it, and give the focus back. */
  close() {
    if (!this.isOpen) return;
    this.#root.hidePopover();
    this.#closed();
  }

  async #load() {
    if ((await this.#groups.load()) && this.isOpen) this.#search();
  }

  /** @param {HTMLElement} anchor */
  #place(anchor) {
    const { left, right, top, bottom } = anchor.getBoundingClientRect();
    const { width, height } = this.#root.getBoundingClientRect();
    const x = document.dir === "rtl" ? left : right - width;
    const y = bottom + height + MARGIN_PX <= innerHeight ? bottom + 4 : top - height - 4;
    this.#root.style.left = `${Math.max(MARGIN_PX, Math.min(x, innerWidth - width - MARGIN_PX))}px`;
    this.#root.style.top = `${Math.max(MARGIN_PX, Math.min(y, innerHeight - height - MARGIN_PX))}px`;
  }

  /** Draw what the search finds; everything, if it is empty. @returns {void} */
  #search() {
    const query = this.#field.value.trim().replace(/^:|:$/g, "");
    if (!query) return this.#drawAll();
    const signs = this.#groups.find(query);
    this.#tabs.show(false);
    this.#grid.draw(signs.length ? [this.#grid.section("found", phrase("emoji_found"), signs)] : []);
    show(find(this.#root, ".emoji-none"), signs.length === 0);
    this.#grid.toTop();
  }

  /** @returns {void} */
  #drawAll() {
    if (this.#field.value.trim()) return this.#search();
    const sections = this.#groups.all.map(({ group, title, signs }) => this.#grid.section(group, title, signs));
    this.#grid.draw(sections);
    show(find(this.#root, ".emoji-none"), false);
    this.#tabs.show(true);
    this.#tabs.draw(sections);
  }

  /** Show the name of the emoji under the mouse or with the focus. @param {Event} event */
  #name(event) {
    const button = this.#grid.buttonOf(event);
    if (!button) return;
    drawEmoji(find(this.#root, ".emoji-shown"), button.dataset.emoji ?? "", this.#tab.urls);
    setText(find(this.#root, ".emoji-name"), button.title);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const emoji = closest(event, "[data-emoji]")?.dataset.emoji;
    const group = closest(event, "[data-to]")?.dataset.to;
    const tone = closest(event, "[data-tone]")?.dataset.tone;
    if (emoji) this.#take(emoji);
    else if (group) this.#grid.goTo(group);
    else if (tone) this.#setTone(Number(tone));
  }

  /** @param {string} emoji */
  #take(emoji) {
    this.#choices.use(emoji);
    this.close();
    this.#choose(emoji);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (isComposing(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    const { key, target } = event;
    if (key === "Escape") {
      // Else the browser only empties the field.
      event.preventDefault();
      event.stopPropagation();
      return this.close();
    }
    const isRtl = document.dir === "rtl";
    const step = { ArrowLeft: isRtl ? 1 : -1, ArrowRight: isRtl ? -1 : 1 }[key];
    if (target === this.#field) return this.#pressedInField(event);
    if (target === this.#root && key.length === 1) {
      // The device has a keyboard after all: the letter goes into the field, and not into the composer.
      event.stopPropagation();
      this.#field.focus();
    }
    if (!(target instanceof HTMLElement)) return;
    const row = this.#tabs.buttons.includes(target) ? this.#tabs.buttons : this.#tones.buttons;
    // The browser types the key into the field.
    if (this.#grid.contains(target)) return void (this.#grid.pressed(event, step) && this.#field.focus());
    if (step === undefined || !row.includes(target)) return;
    event.preventDefault();
    const next = row.at((row.indexOf(target) + step) % row.length);
    for (const button of row) button.tabIndex = button === next ? 0 : -1;
    next?.focus();
    if (next?.dataset.to) this.#grid.goTo(next.dataset.to);
    else next?.click();
  }

  /** @param {KeyboardEvent} event */
  #pressedInField(event) {
    const { first } = this.#grid;
    if (!first || (event.key !== "Enter" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    if (event.key === "ArrowDown") return this.#grid.focusFirst();
    if (this.#field.value.trim()) this.#take(first.dataset.emoji ?? "");
  }

  /** @param {number} tone */
  #setTone(tone) {
    this.#tones.choose(tone);
    this.#grid.keepPlace(() => this.#search());
  }

  /** It may be open again: the event comes later. @param {ToggleEvent} event */
  #toggled({ newState }) {
    if (newState === "closed" && !this.isOpen) this.#closed();
  }

  #closed() {
    const anchor = this.#anchor;
    this.#anchor = null;
    if (anchor?.hasAttribute("aria-expanded")) anchor.setAttribute("aria-expanded", "false");
    const isLost = document.activeElement === document.body || this.#root.contains(document.activeElement);
    if (isLost && anchor?.isConnected) anchor.focus({ preventScroll: true });
  }
}
