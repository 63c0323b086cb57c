/**
 * The panel at the right of a room; on a narrow screen a sheet over it. It shows one content at a time: what the room is,
 * later a thread or files. Each room's view has its own (`dialog.side-panel` in templates/chat/_panel.html).
 *
 * It closes by its button, by Escape, and on a narrow screen by the way back and by a touch beside it. The browser gives
 * the focus back to the element that had it before.
 */

import { closest, find, setText } from "../dom.js";
import { Emitter } from "../emitter.js";

/**
 * @typedef {object} PanelContent
 * @property {string} name what the panel shows: `open` with the name of what is open closes it
 * @property {string} title
 * @property {HTMLElement} element
 */

const NARROW = matchMedia("(max-width: 47.99rem)");

// A page that was reloaded while the sheet was open has its entry in the history, and no sheet.
if (history.state?.panel) history.replaceState({ ...history.state, panel: false }, "");

/** @extends {Emitter<{close: [string]}>} `close` has the name of what was shown */
export class SidePanel extends Emitter {
  #dialog;
  /** @type {string | null} */
  #shown = null;
  #isSheet = false;

  /** @param {HTMLElement} root of the room @param {AbortSignal} signal closes it */
  constructor(root, signal) {
    super();
    const dialog = (this.#dialog = find(root, ".side-panel", HTMLDialogElement));
    find(dialog, "[data-close-panel]").addEventListener("click", () => dialog.close(), { signal });
    dialog.addEventListener("keydown", (event) => this.#keyPressed(event), { signal });
    // Its content fills it: a click on the dialog itself is beside the sheet.
    dialog.addEventListener("click", ({ target }) => this.#isSheet && target === dialog && dialog.close(), { signal });
    dialog.addEventListener("close", () => this.#closed(), { signal });
    window.addEventListener("popstate", () => this.#isSheet && !history.state?.panel && dialog.close(), { signal });
    NARROW.addEventListener("change", () => this.#fit(), { signal });
    // The event `close` comes later, when its listener is gone.
    signal.addEventListener("abort", () => {
      // Another room is about to take the place: a step back would come after its address.
      this.close({ isLeaving: this.#isSheet });
      this.#closed();
    });
  }

  /** The name of what is shown. @returns {string | null} */
  get shown() {
    return this.#shown;
  }

  /** Whether it covers the room, on a narrow screen. */
  get isSheet() {
    return this.#isSheet;
  }

  /** Show a content in place of the present one. @param {PanelContent} content */
  open({ name, title, element }) {
    const former = this.#shown;
    const hadFocus = this.#dialog.contains(document.activeElement);
    this.#shown = name;
    setText(find(this.#dialog, ".side-panel-title"), title);
    find(this.#dialog, ".side-panel-body").replaceChildren(element);
    if (former !== null) this.emit("close", former);
    if (!this.#dialog.open) this.#show();
    // The button that was pressed is gone: without a focus in the panel, Escape would not close it.
    else if (hadFocus && !this.#dialog.contains(document.activeElement)) find(this.#dialog, "[data-close-panel]").focus();
  }

  /** @param {string} title */
  setTitle(title) {
    setText(find(this.#dialog, ".side-panel-title"), title);
  }

  /**
   * @param {object} [options]
   * @param {boolean} [options.isLeaving] the page may be about to load another one: a step back would cancel that
   */
  close({ isLeaving = false } = {}) {
    if (isLeaving && history.state?.panel) history.replaceState({ ...history.state, panel: false }, "");
    this.#dialog.close();
  }

  #show() {
    this.#isSheet = NARROW.matches;
    if (!this.#isSheet) return this.#dialog.show();
    // With an entry of its own in the history, the way back closes the sheet and stays in the room.
    history.pushState({ ...history.state, panel: true }, "");
    this.#dialog.showModal();
  }

  /** The screen became narrow or wide. */
  #fit() {
    if (!this.#dialog.open || this.#isSheet === NARROW.matches) return;
    const { scrollTop } = this.#dialog;
    this.#isSheet = NARROW.matches;
    // A dialog changes between its two kinds only while it is closed. The event `close` comes when it is open again.
    this.#dialog.close();
    if (this.#isSheet) this.#dialog.showModal();
    else this.#dialog.show();
    this.#dialog.scrollTop = scrollTop;
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    if (event.key !== "Escape" || event.defaultPrevented || closest(event, "details.menu[open]")) return;
    event.preventDefault();
    this.#dialog.close();
  }

  #closed() {
    // It was opened again by `fit`.
    if (this.#shown === null || this.#dialog.open) return;
    const name = this.#shown;
    this.#shown = null;
    find(this.#dialog, ".side-panel-body").replaceChildren();
    if (this.#isSheet && history.state?.panel) history.back();
    this.emit("close", name);
  }
}
