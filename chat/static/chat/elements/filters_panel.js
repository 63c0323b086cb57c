/** The panel with the filters of a room, for its moderators: the list, and the form of one filter in its place. */

import { closest, find, findOptional, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { filterForm } from "./filter_form.js";
import { errorText } from "./notice.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Command, RoomFilter } from "../wire.d.ts"
 * @import { SidePanel } from "./side_panel.js"
 */

const NAME = "filters";
/** Phrases for what filters look for, and for what happens then. */
const KINDS = new Map([
  ["words", "filter_words"],
  ["pattern", "filter_pattern"],
  ["domains", "filter_domains"],
  ["repeated", "filter_repeated"],
  ["mentions", "filter_mentions"],
  ["new_links", "filter_new_links"],
]);
const ACTIONS = new Map([
  ["refuse", "filter_refuse"],
  ["hold", "filter_hold"],
  ["report", "filter_report"],
]);

/**
 * Opens the panel by each `data-open-filters` of the room.
 * @param {HTMLElement} root of the room
 * @param {RoomContext} context
 * @param {SidePanel} panel
 */
export function openFiltersPanel(root, context, panel) {
  /** @type {AbortController | null} */
  let ending = null;
  root.addEventListener("click", (event) => {
    if (!closest(event, "[data-open-filters]")) return;
    ending = new AbortController();
    const element = fromTemplate("filters-panel-template");
    panel.open({ name: NAME, title: phrase("filters"), element });
    new FiltersPanel(element, { ...context, signal: ending.signal });
  }, { signal: context.signal });
  panel.on("close", (name) => name === NAME && ending?.abort());
}

class FiltersPanel {
  #root;
  #context;
  /** @type {RoomFilter[]} */
  #filters = [];
  /** How many filters a room may have. The server says it. */
  #most = 0;
  /** The open form, with the id of its filter; null for a new one. @type {{ element: HTMLElement, id: number | null } | null} */
  #form = null;

  /** @param {HTMLElement} root @param {RoomContext} context */
  constructor(root, context) {
    this.#root = root;
    this.#context = context;
    root.addEventListener("click", (event) => void this.#clicked(event), { signal: context.signal });
    root.addEventListener("change", (event) => void this.#switched(event), { signal: context.signal });
    void this.#ask();
  }

  async #ask() {
    const { connection, room, signal } = this.#context;
    try {
      const { filters, most } = await connection.request(command.filters(room));
      if (signal.aborted) return;
      [this.#filters, this.#most] = [filters, most];
      this.#draw();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#say(errorText(error), true);
    }
  }

  /** Draw the list, with the open form in the place of its filter, or of the button for a new one. */
  #draw() {
    const { id, element } = this.#form ?? {};
    const items = this.#filters.map((filter) => (element && filter.id === id ? element : filterItem(filter)));
    find(this.#root, ".filter-list").replaceChildren(...items);
    const add = find(this.#root, "[data-filter=add]");
    // Also that of a filter which another moderator has deleted: its fields stay. Moving it would take its focus.
    if (element && !items.includes(element) && element.nextElementSibling !== add) add.before(element);
    show(find(this.#root, ".filters-none"), this.#filters.length === 0);
    show(add, id !== null && this.#filters.length < this.#most);
  }

  /** @param {MouseEvent} event */
  async #clicked(event) {
    const act = closest(event, "button[data-filter]")?.dataset.filter;
    const filter = this.#filterOf(closest(event, "li"));
    if (act === "add") this.#edit(null);
    if (act === "edit" && filter) this.#edit(filter);
    if (act === "delete" && filter) {
      const { room } = this.#context;
      await this.#request(command.deleteFilter(room, filter.id), phrase("filter_deleted"));
      (findOptional(this.#root, "[data-filter=edit]") ?? find(this.#root, "[data-filter=add]")).focus();
    }
  }

  /** A filter is switched on or off. @param {Event} event */
  async #switched({ target }) {
    if (!(target instanceof HTMLInputElement) || target.dataset.filter !== "switch") return;
    const filter = this.#filterOf(target.closest("li"));
    if (!filter) return;
    const { id, ...fields } = filter;
    const { room } = this.#context;
    await this.#request(command.saveFilter({ ...fields, room, filter: id, is_on: target.checked }), phrase("filter_saved"));
    findOptional(this.#root, `[data-id="${id}"] [data-filter=switch]`)?.focus();
  }

  /** @param {Element | null} item */
  #filterOf(item) {
    return this.#filters.find(({ id }) => item instanceof HTMLElement && id === Number(item.dataset.id));
  }

  /** @param {RoomFilter | null} filter */
  #edit(filter) {
    // One at a time: the labels of its fields have ids.
    if (this.#form) return find(this.#form.element, "[name=name]").focus();
    this.#say("");
    const element = filterForm(this.#context, filter, {
      cancelled: () => {
        this.#close();
        this.#focus(filter);
      },
      saved: () => {
        this.#close();
        void this.#saved(filter);
      },
    });
    this.#form = { element, id: filter?.id ?? null };
    this.#draw();
    find(element, "[name=name]").focus();
  }

  #close() {
    this.#form?.element.remove();
    this.#form = null;
    this.#draw();
  }

  /** @param {RoomFilter | null} filter */
  async #saved(filter) {
    this.#say(phrase("filter_saved"));
    await this.#ask();
    this.#focus(filter);
  }

  /** @param {RoomFilter | null} filter */
  #focus(filter) {
    const change = findOptional(this.#root, `[data-id="${filter?.id}"] [data-filter=edit]`);
    (change ?? find(this.#root, "[data-filter=add]")).focus();
  }

  /** @param {Command} what @param {string} done */
  async #request(what, done) {
    try {
      await this.#context.connection.request(what);
      this.#say(done);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#say(errorText(error), true);
    }
    await this.#ask();
  }

  /** @param {string} text @param {boolean} [isError] */
  #say(text, isError = false) {
    const line = find(this.#root, ".reports-done");
    line.classList.toggle("is-error", isError);
    setText(line, text);
    show(line, text !== "");
  }
}

/** @param {RoomFilter} filter */
function filterItem({ action, hours, id, is_on: isOn, kind, limit, name, value }) {
  const item = fromTemplate("filter-item-template");
  item.dataset.id = String(id);
  setText(find(item, "b"), name);
  find(item, "[data-filter=switch]", HTMLInputElement).checked = isOn;
  item.classList.toggle("is-off", !isOn);
  const what = phrase(KINDS.get(kind) ?? "filter_words", { limit, hours });
  setText(find(item, ".filter-what"), `${what}: ${phrase(ACTIONS.get(action) ?? "filter_hold")}`);
  setText(find(item, ".filter-value"), value.split("\n").map((line) => line.trim()).filter(Boolean).join(" · "));
  show(find(item, ".filter-value"), value.trim() !== "");
  return item;
}
