/**
 * Chooses people of the site: a field that searches, the people that were found, and those who were chosen. Up and Down
 * move in the list, Enter chooses, Backspace in the empty field takes the last one back.
 */

import { closest, find } from "../dom.js";
import { Emitter } from "../emitter.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { isComposing } from "../shortcuts.js";
import { Timer } from "../timer.js";
import { PickerList, drawChosen } from "./picker_list.js";

/**
 * @import { Connection } from "../socket.js"
 * @import { Person } from "../wire.d.ts"
 *
 * @typedef {object} PickerOptions
 * @property {Connection} connection
 * @property {number} most how many may be chosen
 * @property {() => Iterable<number>} [except] ids of people who are not offered
 */

const SEARCH_AFTER_MS = 150;

/** @extends {Emitter<{change: []}>} */
export class PeoplePicker extends Emitter {
  #root;
  #field;
  #list;
  #options;
  #timer;
  /** @type {Map<number, Person>} by id */
  #chosen = new Map();
  /** @type {Person[]} */
  #found = [];
  /** What `#found` was searched by. */
  #foundBy = "";
  /** Resolves when every Enter that waits for the server has its answer. @type {Promise<unknown>} */
  #settled = Promise.resolve();
  /** How many of them wait. */
  #waiting = 0;
  /** Whether a button of the mouse, or a finger, is down. */
  #isPressed = false;

  /**
   * @param {HTMLElement} root an element `.people-picker`
   * @param {PickerOptions} options
   * @param {AbortSignal} [signal]
   */
  constructor(root, options, signal) {
    super();
    this.#root = root;
    this.#options = options;
    this.#field = find(root, "input", HTMLInputElement);
    this.#list = new PickerList(root, this.#field, signal);
    this.#timer = new Timer(() => void this.#search(), signal);
    // Once somebody is chosen, the list of everybody would cover what comes below, and take the Enter that submits the
    // form: then it opens by a letter, or by the Down key.
    this.#field.addEventListener("input", () => this.#typed(), { signal });
    this.#field.addEventListener("focus", () => this.#chosen.size || this.#timer.start(0), { signal });
    this.#field.addEventListener("keydown", (event) => this.#keyPressed(event), { signal });
    find(root, ".picker-found").addEventListener("click", (event) => this.#clicked(event), { signal });
    find(root, ".picker-chosen").addEventListener("click", (event) => this.#taken(event), { signal });
    root.addEventListener("focusout", ({ relatedTarget }) => this.#left(relatedTarget), { signal });
    window.addEventListener("pointerdown", () => (this.#isPressed = true), { capture: true, signal });
    for (const end of ["pointerup", "pointercancel"]) {
      window.addEventListener(end, () => (this.#isPressed = false), { capture: true, signal });
    }
  }

  /** The ids of those who were chosen. @returns {number[]} */
  get people() {
    return [...this.#chosen.keys()];
  }

  /** Like `people`, with those whom an Enter chose while the server was still asked. @returns {Promise<number[]>} */
  async settledPeople() {
    await this.#settled;
    return this.people;
  }

  /** Choose these people, as if they had been searched. @param {Person[]} people */
  choose(people) {
    for (const person of people) this.#chosen.set(person.id, person);
    this.#drawChosen();
  }

  /** Begin again. */
  clear() {
    this.#chosen = new Map();
    this.#field.value = "";
    this.#drawChosen();
    this.#close();
  }

  focus() {
    this.#field.focus();
  }

  #typed() {
    if (this.#field.value || !this.#chosen.size) this.#timer.start(SEARCH_AFTER_MS);
    else this.#close();
  }

  async #search() {
    const query = this.#field.value.trim();
    if (!this.#root.contains(document.activeElement)) return;
    const found = await this.#ask(query);
    if (!found) return this.#close();
    if (query !== this.#field.value.trim()) return;
    const isFull = this.#chosen.size >= this.#options.most;
    this.#found = isFull ? [] : found;
    this.#foundBy = query;
    const nobody = query ? phrase("nobody_found", { query }) : "";
    this.#list.show(this.#found, isFull ? phrase("picker_full", { number: this.#options.most }) : nobody);
  }

  /**
   * Who can be chosen for a query, the best first; null without an answer.
   * @param {string} query
   * @returns {Promise<Person[] | null>}
   */
  async #ask(query) {
    try {
      const { people } = await this.#options.connection.request(command.people(query));
      const left = new Set([...this.#chosen.keys(), ...(this.#options.except?.() ?? [])]);
      return people.filter(({ id }) => !left.has(id));
    } catch (error) {
      if (error instanceof CommandError) return null;
      throw error;
    }
  }

  #drawChosen() {
    drawChosen(find(this.#root, ".picker-chosen"), this.#chosen.values());
    this.emit("change");
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    const { isOpen } = this.#list;
    if (isComposing(event)) return;
    if (event.key === "ArrowDown" && isOpen) this.#list.move(1);
    else if (event.key === "ArrowUp" && isOpen) this.#list.move(-1);
    else if (event.key === "Enter" && (isOpen || this.#field.value.trim())) this.#enter();
    else if (event.key === "ArrowDown") this.#timer.start(0);
    else if (event.key === "Escape" && isOpen) this.#close();
    else if (event.key === "Backspace" && !this.#field.value && this.#chosen.size) this.#takeBack(this.people.at(-1) ?? 0);
    // Enter submits the form around it only when no name is typed, and none waits for its answer.
    else if (event.key !== "Enter" || (this.#chosen.size && !this.#waiting)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const at = closest(event, "[role=option]")?.dataset.at;
    if (at !== undefined) this.#choose(Number(at));
  }

  /** Choose from the list of what is typed; if it is not there yet, when it comes. */
  #enter() {
    if (this.#foundBy === this.#field.value.trim()) this.#choose(this.#list.active);
    else this.#settled = Promise.all([this.#settled, this.#chooseLater()]);
  }

  async #chooseLater() {
    const query = this.#field.value.trim();
    const chosen = this.#chosen;
    // What the person types until the answer belongs to the next name.
    this.#field.value = "";
    this.#close();
    this.#waiting += 1;
    const found = await this.#ask(query).finally(() => (this.#waiting -= 1));
    // Begun again meanwhile.
    if (chosen !== this.#chosen) return;
    if (found?.[0] && this.#add(found[0])) return;
    this.#field.value = query + this.#field.value;
    await this.#search();
  }

  /** @param {number} at */
  #choose(at) {
    const person = this.#found[at];
    if (!person || !this.#add(person)) return;
    this.#field.value = "";
    this.#close();
  }

  /** @param {Person} person @returns {boolean} whether there was a place for them */
  #add(person) {
    if (this.#chosen.size >= this.#options.most) return false;
    this.#chosen.set(person.id, person);
    this.#drawChosen();
    return true;
  }

  /** @param {MouseEvent} event */
  #taken(event) {
    const id = closest(event, "button")?.dataset.id;
    if (id === undefined) return;
    this.#takeBack(Number(id));
    this.#field.focus();
  }

  /** @param {number} id */
  #takeBack(id) {
    this.#chosen.delete(id);
    this.#drawChosen();
  }

  /** @param {EventTarget | null} target what gets the focus */
  #left(target) {
    if (target instanceof Node && this.#root.contains(target)) return;
    // The press on a button below moves the focus. If the list closed now, the button would move away from the click.
    const close = () => setTimeout(() => this.#root.contains(document.activeElement) || this.#close());
    if (this.#isPressed) window.addEventListener("pointerup", close, { capture: true, once: true });
    else close();
  }

  #close() {
    this.#timer.stop();
    this.#found = [];
    this.#foundBy = "";
    this.#list.show([]);
  }
}
