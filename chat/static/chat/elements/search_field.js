/**
 * The field of the search, with what it offers for the word that is being typed. Up and Down choose, Enter and Tab take
 * what is chosen, Escape closes the list. Nothing is chosen until an arrow key is pressed: Enter then searches.
 */

import { closest, drawAvatar, find, fromTemplate, setText, show } from "../dom.js";
import { Emitter } from "../emitter.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { personKey } from "../senders.js";
import { filterText, replaceTyped, typedAt, withWord } from "../search/query_text.js";
import { ABOUT } from "../search/search_phrases.js";
import { OPERATORS, OPERATOR_NAMES, suggestionsFor } from "../search/suggestions.js";
import { isComposing } from "../shortcuts.js";
import { Timer } from "../timer.js";

/**
 * @import { Named, Suggestion } from "../search/suggestions.js"
 * @import { Typed } from "../search/query_text.js"
 * @import { Connection } from "../socket.js"
 * @import { Store } from "../store.js"
 * @import { Person } from "../wire.d.ts"
 *
 * @typedef {object} FieldEvents
 * @property {[string]} typed the text is another one
 * @property {[]} entered Enter was pressed
 * @property {[]} down the person goes on to what is below the field
 * @property {[]} left Escape was pressed, and no list was open
 */

const ASK_AFTER_MS = 120;
const SHORTEST_NAME = 2;
let views = 0;

/** @extends {Emitter<FieldEvents>} */
export class SearchField extends Emitter {
  #input;
  #list;
  #clear;
  #store;
  #connection;
  /** @type {Suggestion[]} */
  #offered = [];
  /** The index of the suggestion that is chosen; -1: none. */
  #at = -1;
  /** People whom the server found. @type {Map<number, Person>} */
  #people = new Map();
  #ask;

  /** @param {HTMLElement} root of the view @param {{store: Store, connection: Connection}} tab @param {AbortSignal} signal */
  constructor(root, { store, connection }, signal) {
    super();
    this.#store = store;
    this.#connection = connection;
    this.#input = find(root, ".search-input", HTMLInputElement);
    this.#list = find(root, ".search-suggestions");
    this.#clear = find(root, ".search-clear");
    this.#list.id = `search-suggestions-${++views}`;
    this.#input.setAttribute("aria-controls", this.#list.id);
    this.#ask = new Timer(() => void this.#askServer(), signal);
    this.#input.addEventListener("input", () => this.#changed(), { signal });
    this.#input.addEventListener("click", () => this.#offer(), { signal });
    this.#input.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.#input.addEventListener("blur", () => this.#close(), { signal });
    // The field keeps the focus.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    this.#list.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.#clear.addEventListener("click", () => this.change("", { focus: true }), { signal });
  }

  get text() {
    return this.#input.value;
  }

  /** Show a text that was not typed here. @param {string} text */
  set text(text) {
    if (this.#input.value === text) return;
    this.#input.value = text;
    show(this.#clear, text !== "");
    this.#close();
  }

  get hasFocus() {
    return document.activeElement === this.#input;
  }

  /** @param {{selects?: boolean}} [options] whether the text is selected */
  focus({ selects = false } = {}) {
    this.#input.focus({ preventScroll: true });
    if (selects) this.#input.select();
    else this.#input.setSelectionRange(this.text.length, this.text.length);
  }

  /** Search for another text. @param {string} text @param {{focus?: boolean}} [options] */
  change(text, { focus = false } = {}) {
    this.#input.value = text;
    if (focus) this.focus();
    this.#changed();
  }

  /** Add an operator or a word to the text, and go on typing. @param {string} word */
  add(word) {
    this.change(withWord(this.text, word), { focus: true });
  }

  #changed() {
    show(this.#clear, this.text !== "");
    this.emit("typed", this.text);
    this.#offer();
    this.#ask.start(ASK_AFTER_MS);
  }

  /** @returns {Typed} */
  get #typed() {
    return typedAt(this.text, this.#input.selectionStart ?? this.text.length, OPERATOR_NAMES);
  }

  #offer() {
    const rest = this.text.slice(this.#input.selectionStart ?? this.text.length);
    // In the middle of a word nothing can be completed.
    this.#offered = /^\S/.test(rest) ? [] : suggestionsFor(this.#typed, { people: this.#named(), rooms: this.#rooms() });
    this.#at = -1;
    this.#draw();
  }

  /** @returns {Named[]} */
  #named() {
    const { people, you } = this.#store;
    const known = new Map(this.#people);
    for (const person of people.all) known.set(person.id, person);
    const me = you.user?.id;
    const named = [...known.values()].map((person) => namedPerson(person));
    named.sort((a, b) => a.name.localeCompare(b.name));
    // For guests there is no `me`.
    if (me === undefined) return named;
    return [{ name: phrase("search_me"), value: "me" }, ...named];
  }

  /** @returns {Named[]} */
  #rooms() {
    const rooms = [...this.#store.rooms.values()].filter(({ kind }) => kind !== "direct");
    const named = rooms.map(({ name, slug, kind }) => ({ name, value: slug, roomKind: kind, detail: slug === name ? "" : slug }));
    return named.sort((a, b) => a.name.localeCompare(b.name));
  }

  async #askServer() {
    const { operator, value } = this.#typed;
    const isPerson = operator ? OPERATORS.get(operator) === "person" : value.length >= SHORTEST_NAME;
    if (!isPerson || !this.#connection.online || !this.#store.you.user) return;
    try {
      const { people } = await this.#connection.request(command.people(value.replace(/^@/, "").slice(0, 80)));
      for (const person of people) this.#people.set(person.id, person);
    } catch (error) {
      // What the page knows is offered.
      if (!(error instanceof CommandError)) throw error;
    }
    if (this.hasFocus && this.#at < 0 && (operator || this.#offered.length)) this.#offer();
  }

  #draw() {
    const isOpen = this.#offered.length > 0 && this.hasFocus;
    show(this.#list, isOpen);
    this.#input.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#list.replaceChildren(...this.#offered.map((each, at) => this.#option(each, at)));
    this.#drawChosen();
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

  get #isOpen() {
    return !this.#list.hidden;
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (isComposing(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    const chosen = this.#isOpen ? this.#offered[this.#at] : undefined;
    if (event.key === "ArrowDown" || (event.key === "ArrowUp" && this.#isOpen)) {
      event.preventDefault();
      this.#step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (chosen) return this.#take(chosen);
      this.#close();
      this.emit("entered");
    } else if (event.key === "Tab" && chosen && !event.shiftKey) {
      event.preventDefault();
      this.#take(chosen);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.#isOpen) this.#close();
      else this.emit("left");
    }
  }

  /** @param {1 | -1} step */
  #step(step) {
    if (!this.#isOpen) return this.emit("down");
    const next = this.#at + step;
    if (next >= this.#offered.length) {
      this.#close();
      return this.emit("down");
    }
    this.#at = Math.max(-1, next);
    this.#drawChosen();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const suggestion = this.#offered[Number(closest(event, "[data-at]")?.dataset.at ?? -1)];
    if (suggestion) this.#take(suggestion);
  }

  /** @param {Suggestion} suggestion */
  #take({ operator, value }) {
    const word = value ? filterText(operator, value) : `${operator}:`;
    const { text, cursor } = replaceTyped(this.text, this.#typed, word, value !== "");
    this.#input.value = text;
    this.#input.setSelectionRange(cursor, cursor);
    this.#input.focus();
    this.#changed();
  }

  #close() {
    this.#offered = [];
    this.#at = -1;
    this.#draw();
  }
}

/** @param {Person} person @returns {Named} */
function namedPerson(person) {
  const { avatar, handle, name } = person;
  const key = personKey({ user: person, guest: null });
  return { name, value: handle, detail: handle === name ? "" : `@${handle}`, key, picture: avatar };
}
