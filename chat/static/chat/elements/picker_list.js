/** The people that a people picker has found, one of them active, and those who were chosen. */

import { drawAvatar, find, findAll, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";

/** @import { Person } from "../wire.d.ts" */

/** For ids that are unique on the page. */
let lists = 0;

export class PickerList {
  #root;
  #field;
  #list;
  /** The place of the person that Enter chooses. */
  active = 0;

  /** @param {HTMLElement} root an element `.people-picker` @param {HTMLInputElement} field @param {AbortSignal} [signal] */
  constructor(root, field, signal) {
    this.#root = root;
    this.#field = field;
    this.#list = find(root, ".picker-found");
    this.#list.id = `picker-found-${(lists += 1)}`;
    field.setAttribute("aria-controls", this.#list.id);
    // The field keeps the focus, so that the next name can be typed.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  /** Make another person the active one. @param {number} step */
  move(step) {
    this.active = Math.max(0, Math.min(this.#list.children.length - 1, this.active + step));
    this.#drawActive();
  }

  /** Show who was found. @param {Person[]} people @param {string} [otherwise] what is shown if they are none */
  show(people, otherwise = "") {
    const items = people.map((person, at) => {
      const item = fromTemplate("picker-person-template");
      item.id = `${this.#list.id}-${at}`;
      item.dataset.at = String(at);
      drawAvatar(find(item, ".avatar"), { key: `u:${person.id}`, name: person.name, picture: person.avatar });
      setText(find(item, ".person-name"), person.name);
      return item;
    });
    this.active = 0;
    this.#list.replaceChildren(...items);
    const nobody = find(this.#root, ".picker-nobody");
    setText(nobody, items.length ? "" : otherwise);
    show(nobody, items.length === 0 && otherwise !== "");
    const isOpen = items.length > 0 && this.#root.contains(document.activeElement);
    show(this.#list, isOpen);
    this.#field.setAttribute("aria-expanded", String(isOpen));
    this.#drawActive();
  }

  #drawActive() {
    const options = findAll(this.#list, "[role=option]");
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.active)));
    const active = this.#list.hidden ? undefined : options[this.active];
    if (active) this.#field.setAttribute("aria-activedescendant", active.id);
    else this.#field.removeAttribute("aria-activedescendant");
    active?.scrollIntoView({ block: "nearest" });
  }
}

/** Draw a chip for each person who was chosen. @param {HTMLElement} list @param {Iterable<Person>} people */
export function drawChosen(list, people) {
  const chips = [...people].map((person) => {
    const chip = fromTemplate("picker-chip-template");
    const button = find(chip, "button");
    button.dataset.id = String(person.id);
    setText(find(chip, ".person-name"), person.name);
    button.title = phrase("take_back", { name: person.name });
    button.setAttribute("aria-label", button.title);
    return chip;
  });
  list.replaceChildren(...chips);
}
