/** The toolbar of a message, with a picker of emoji that opens from its first button, and a menu from its last one. */

import { byId, find, findAll, show } from "../dom.js";
import { menuItems, toolbarButtons } from "./action_buttons.js";
import { PopupMenu } from "./popup_menu.js";

/** @import { EmojiPicker } from "./emoji_picker.js" */

export class Toolbar {
  #picker;
  #reactButton;
  #moreButton;
  #menu;
  #popup;
  #isHiding = false;

  /**
   * @param {HTMLElement} element the toolbar
   * @param {EmojiPicker} picker
   * @param {(action: string) => void} choose is called for an item of the menu
   * @param {AbortSignal} signal
   * @param {HTMLElement} [menu] a timeline in a dialog has a menu of its own there
   */
  constructor(element, picker, choose, signal, menu = byId("message-menu")) {
    this.element = element;
    this.#menu = menu;
    this.#moreButton = find(element, "[data-more]");
    this.#moreButton.before(...toolbarButtons());
    // The rooms of a tab share the menu.
    if (!this.#menu.childElementCount) this.#menu.append(...menuItems());
    this.#popup = new PopupMenu(this.#menu, (item) => choose(item.dataset.action ?? ""), signal);
    this.#picker = picker;
    this.#reactButton = find(element, '[data-action="react"]');
    this.#reactButton.setAttribute("aria-expanded", "false");
    // The timeline is one stop of Tab; the arrow keys come here (timeline_keys.js).
    for (const button of element.querySelectorAll("button")) button.tabIndex = -1;
  }

  /** The article that it is at. @returns {HTMLElement | null} */
  get article() {
    return this.element.closest(".message");
  }

  /** The buttons that can be used, in order. */
  get buttons() {
    return findAll(this.element, ":scope > button", HTMLButtonElement).filter((button) => !button.hidden);
  }

  /** Whether the picker or the menu is open, or the keyboard's focus is in the toolbar. */
  get isInUse() {
    return this.#isOpen || this.element.querySelector(":focus-visible") !== null;
  }

  /**
   * Move to an article, with the buttons for the actions that its message allows. Hide when there are none.
   * @param {HTMLElement} article
   * @param {Set<string>} allowed
   */
  offer(article, allowed) {
    if (this.article !== article || allowed.size === 0) this.hide();
    if (allowed.size === 0) return;
    for (const button of [...findAll(this.element, "[data-action]"), ...findAll(this.#menu, "[data-action]")]) {
      show(button, allowed.has(button.dataset.action ?? ""));
    }
    show(this.#moreButton, this.#menu.querySelector(":scope > :not([hidden])") !== null);
    show(find(this.element, ".quick"), allowed.has("react"));
    if (this.article !== article) article.append(this.element);
  }

  hide() {
    // Removing the element that has the focus fires focusout, which calls this again.
    if (this.#isHiding) return;
    this.#isHiding = true;
    if (this.#isPicking) this.#picker.close();
    if (this.#popup.isOpen) this.#menu.hidePopover();
    this.element.remove();
    this.#isHiding = false;
  }

  hideUnlessUsed() {
    if (!this.element.contains(document.activeElement) && !this.#isOpen) this.hide();
  }

  toggleMenu() {
    this.#popup.open(this.#moreButton, () => {});
  }

  /** @param {(emoji: string) => void} choose */
  pickEmoji(choose) {
    this.#picker.open(this.#reactButton, choose);
  }

  /** Whether the picker is open at this toolbar. */
  get #isPicking() {
    return this.#picker.isOpen && this.#reactButton.getAttribute("aria-expanded") === "true";
  }

  get #isOpen() {
    return this.#popup.isOpen || this.#isPicking;
  }
}
