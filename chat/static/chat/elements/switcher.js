/**
 * The quick switcher: a dialog with a field that finds rooms and people while one types. It lists what the page knows at
 * once, then adds what the server finds: people, and public rooms that the person has not joined. Its last entry searches
 * the messages for what was typed.
 */

import { byId, closest, find, findAll, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { command } from "../protocol.js";
import { isComposing } from "../shortcuts.js";
import { SwitcherNames } from "../switcher_names.js";
import { Timer } from "../timer.js";
import { makeOption } from "./switcher_option.js";

/**
 * @import { Navigation } from "../navigation.js"
 * @import { RecentRooms } from "../recent_rooms.js"
 * @import { Connection } from "../socket.js"
 * @import { Store } from "../store.js"
 * @import { Entry } from "../switcher_candidates.js"
 * @import { Found } from "../switcher_entries.js"
 *
 * @typedef {{name: string, slug: () => Promise<string>}} Target a room that was picked; `slug` may make a direct room
 * @typedef {{pick: (title: string) => Promise<Target | null>}} Targets asks for a room; null if the person cancelled
 */

/** How long after the last key the server is asked. */
const ASK_AFTER_MS = 120;
/** @type {Record<string, (at: number, count: number) => number>} */
const STEPS = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
};

export class Switcher {
  #dialog = byId("switcher", HTMLDialogElement);
  #field = find(this.#dialog, "input", HTMLInputElement);
  #title = this.#field.getAttribute("aria-label") ?? "";
  #placeholder = this.#field.placeholder;
  #list = byId("switcher-list");
  #parts;
  #names;
  /** @type {(Entry & Found)[]} */
  #entries = [];
  /** The key of the entry that Enter opens; null: the first one. @type {string | null} */
  #chosen = null;
  /** The query for which Enter was pressed while nothing was found: the server may still find something. */
  #entered = "";
  /** Whether the server was not asked yet, or has not answered. */
  #isWaiting = false;
  #ask = new Timer(() => void this.#askServer());
  /** Takes what is chosen, in place of going there. @type {((entry: Entry | null) => void) | null} */
  #picked = null;

  /**
   * @param {object} parts
   * @param {Store} parts.store
   * @param {Connection} parts.connection
   * @param {Navigation} parts.navigation
   * @param {RecentRooms} parts.recent
   * @param {() => string | undefined} parts.current the slug of the room that is shown
   * @param {(person: number) => void} parts.goToPerson
   * @param {(query: string) => void} parts.search searches the messages
   */
  constructor(parts) {
    this.#parts = parts;
    this.#names = new SwitcherNames(parts);
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#pressed(event));
    this.#list.addEventListener("click", (event) => this.#clicked(event));
    // The field keeps the focus: the keys go on working.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#dialog.addEventListener("click", ({ target }) => target === this.#dialog && this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#closed());
    find(this.#dialog, "[data-close]").addEventListener("click", () => this.#dialog.close());
    for (const button of findAll(document, "[data-open-switcher]")) button.addEventListener("click", () => this.open());
    parts.store.on("rooms", () => this.#dialog.open && this.#draw());
  }

  /** Ask for a room or a person. @param {string} title @returns {Promise<Target | null>} null if none was chosen */
  async pick(title) {
    const { connection } = this.#parts;
    this.open(title);
    /** @type {Entry | null} */
    const entry = await new Promise((resolve) => (this.#picked = resolve));
    if (!entry) return null;
    const { name, person, slug } = entry;
    return { name, slug: async () => slug ?? (await connection.request(command.direct(person ? [person.id] : []))).room };
  }

  /** @param {string} [title] what is asked; without one, where to go */
  open(title) {
    const isPicking = title !== undefined;
    this.#dialog.classList.toggle("is-picking", isPicking);
    for (const named of [this.#dialog, this.#field]) named.setAttribute("aria-label", title ?? this.#title);
    this.#field.placeholder = title ?? this.#placeholder;
    this.#names.forget();
    this.#field.value = "";
    this.#chosen = null;
    this.#entered = "";
    this.#isWaiting = true;
    this.#draw();
    this.#dialog.showModal();
    this.#ask.start(0);
  }

  #typed() {
    this.#chosen = null;
    this.#entered = "";
    this.#isWaiting = true;
    this.#draw();
    this.#list.scrollTop = 0;
    this.#ask.start(ASK_AFTER_MS);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    // While an input method composes, Enter and the arrows are for it.
    if (isComposing(event)) return;
    const step = event.altKey || event.ctrlKey || event.metaKey ? undefined : STEPS[event.key];
    const entry = this.#entries[this.#at];
    const mayComeLater = entry?.kind === "search" && this.#chosen === null && this.#isWaiting;
    if (event.key === "Enter" && entry && !mayComeLater) {
      event.preventDefault();
      this.#choose(entry, event.ctrlKey || event.metaKey);
    } else if (event.key === "Enter" && this.#field.value.trim()) {
      event.preventDefault();
      this.#entered = this.#field.value;
    } else if (step && entry) {
      event.preventDefault();
      this.#chosen = this.#entries[step(this.#at, this.#entries.length)]?.key ?? null;
      this.#drawChosen();
    }
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const option = closest(event, "[data-key]");
    const entry = this.#entries.find(({ key }) => key === option?.dataset.key);
    // Another tab or window: the browser follows the link.
    if (!entry || (entry.slug && (event.ctrlKey || event.metaKey || event.shiftKey))) return;
    event.preventDefault();
    this.#choose(entry);
  }

  /** @param {Entry} entry @param {boolean} [inNewTab] */
  #choose(entry, inNewTab = false) {
    const { goToPerson, navigation, search } = this.#parts;
    const { person, slug } = entry;
    if (this.#picked) {
      this.#picked(entry);
      this.#picked = null;
      return this.#dialog.close();
    }
    if (slug && inNewTab) return void window.open(navigation.pathOf(slug), "_blank", "noopener");
    const query = this.#query;
    this.#dialog.close();
    if (slug) navigation.goToRoom(slug);
    else if (person) goToPerson(person.id);
    else search(query);
  }

  #closed() {
    this.#ask.stop();
    this.#picked?.(null);
    this.#picked = null;
  }

  /** The place of the chosen entry. */
  get #at() {
    return Math.max(0, this.#entries.findIndex(({ key }) => key === this.#chosen));
  }

  async #askServer() {
    const asked = this.#field.value;
    await this.#names.ask(this.#query);
    if (!this.#dialog.open) return;
    this.#isWaiting &&= this.#field.value !== asked;
    this.#draw();
    const [first] = this.#entries;
    if (first && this.#entered && this.#entered === asked) this.#choose(first);
  }

  #draw() {
    const query = this.#field.value;
    // What is shown already is not where one wants to go, unless one asks for it.
    const except = query.trim() && !this.#picked ? undefined : this.#parts.current();
    this.#entries = this.#names.find(query, except);
    const isNothing = this.#entries.length === 0;
    if (query.trim() && !this.#picked) this.#entries.push(this.#searchEntry);
    this.#list.replaceChildren(...this.#entries.map((entry, at) => makeOption(entry, at, this.#parts.navigation)));
    show(find(this.#dialog, ".switcher-empty"), isNothing);
    show(this.#list, this.#entries.length > 0);
    this.#drawChosen();
  }

  get #query() {
    return this.#field.value.trim().replace(/^[#@]/, "");
  }

  /** @returns {Entry & Found} */
  get #searchEntry() {
    const name = phrase("search_for", { query: this.#query });
    return { key: "search", type: "room", kind: "search", name, detail: "", ranges: [] };
  }

  #drawChosen() {
    const options = [...this.#list.children];
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#at)));
    const chosen = options[this.#at];
    if (chosen) this.#field.setAttribute("aria-activedescendant", chosen.id);
    else this.#field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }
}
