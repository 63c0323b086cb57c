/** The list below the field of the search: what is offered for the word that is being typed, and which of it is chosen. */

import { closest, drawAvatar, find, fromTemplate, setText, show } from "../dom.js";
import { Emitter } from "../emitter.js";
import { phrase } from "../phrases.js";
import { ABOUT } from "../search/search_phrases.js";

/**
 * @import { Suggestion } from "../search/suggestions.js"
 *
 * @typedef {object} ListEvents
 * @property {[Suggestion]} take one was clicked
 */

/** For ids that are unique on the page. */
let lists = 0;

/** @extends {Emitter<ListEvents>} */
export class SearchSuggestions extends Emitter {
  #list;
  #input;
  /** @type {Suggestion[]} */
  #offered = [];
  /** The index of the suggestion that is chosen; -1: none. */
  #at = -1;

  /** @param {HTMLElement} list @param {HTMLInputElement} input the field, which keeps the focus @param {AbortSignal} signal */
  constructor(list, input, signal) {
    super();
    this.#list = list;
    this.#input = input;
    list.id = `search-suggestions-${(lists += 1)}`;
    input.setAttribute("aria-controls", list.id);
    list.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    list.addEventListener("click", (event) => this.#clicked(event), { signal });
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  get isEmpty() {
    return this.#offered.length === 0;
  }

  /** What Enter and Tab take. @returns {Suggestion | undefined} */
  get chosen() {
    return this.isOpen ? this.#offered[this.#at] : undefined;
  }

  /** Offer these, of which none is chosen. @param {Suggestion[]} suggestions */
  offer(suggestions) {
    this.#offered = suggestions;
    this.#at = -1;
    const isOpen = !this.isEmpty && document.activeElement === this.#input;
    show(this.#list, isOpen);
    this.#input.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#list.replaceChildren(...suggestions.map((each, at) => this.#option(each, at)));
    this.#drawChosen();
  }

  close() {
    this.offer([]);
  }

  /** Choose the next one, or the one before. @param {1 | -1} step @returns {boolean} false at the end: the list is closed */
  choose(step) {
    const next = this.#at + step;
    if (next >= this.#offered.length) {
      this.close();
      return false;
    }
    this.#at = Math.max(-1, next);
    this.#drawChosen();
    return true;
  }

  /** @param {Suggestion} suggestion @param {number} at */
  #option({ operator, value, named }, at) {
    const option = fromTemplate("search-suggestion-template");
    option.id = `${this.#list.id}-${at}`;
    option.dataset.at = String(at);
    if (named?.roomKind) option.dataset.room = named.roomKind;
    setText(find(option, "kbd"), `${operator}:`);
    setText(find(option, ".option-name"), named?.name ?? value);
    setText(find(option, ".option-detail"), value ? (named?.detail ?? "") : phrase(ABOUT[operator] ?? ""));
    const avatar = find(option, ".avatar");
    show(avatar, named?.key !== undefined);
    if (named?.key) drawAvatar(avatar, { key: named.key, name: named.name, picture: named.picture ?? null });
    return option;
  }

  #drawChosen() {
    [...this.#list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#at)));
    const chosen = this.#at < 0 ? null : this.#list.children[this.#at];
    if (chosen) this.#input.setAttribute("aria-activedescendant", chosen.id);
    else this.#input.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const suggestion = this.#offered[Number(closest(event, "[data-at]")?.dataset.at ?? -1)];
    if (suggestion) this.emit("take", suggestion);
  }
}
