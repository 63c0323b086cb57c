/** The row of categories of the picker of emoji: one stop of Tab. */

import { find, findAll, fromTemplate, show } from "../dom.js";

export const RECENT = "recent";
export const CUSTOM = "custom";
/** The categories of emoji.json: an emoji for the button, and the phrase of the name. */
export const CATEGORIES = [
  { sign: "😀", name: "emoji_smileys" },
  { sign: "👋", name: "emoji_people" },
  { sign: "🐻", name: "emoji_nature" },
  { sign: "🍎", name: "emoji_food" },
  { sign: "✈️", name: "emoji_travel" },
  { sign: "⚽", name: "emoji_activities" },
  { sign: "💡", name: "emoji_objects" },
  { sign: "💟", name: "emoji_symbols" },
  { sign: "🏁", name: "emoji_flags" },
];

export class EmojiTabs {
  #root;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  get buttons() {
    return findAll(this.#root, "button");
  }

  /** @param {boolean} isShown */
  show(isShown) {
    show(this.#root, isShown);
  }

  /** Draw a button for each section. @param {HTMLElement[]} sections of `EmojiGrid.section` */
  draw(sections) {
    const names = sections.map(({ dataset }) => dataset.group ?? "");
    // Buttons that stay keep the focus.
    if (names.join() === this.buttons.map(({ dataset }) => dataset.to).join()) return;
    this.#root.replaceChildren(...sections.map(makeButton));
  }
}

/** @param {HTMLElement} section @param {number} at */
function makeButton(section, at) {
  const button = fromTemplate("emoji-tab-template");
  const group = section.dataset.group ?? "";
  button.dataset.to = group;
  button.tabIndex = at ? -1 : 0;
  button.textContent = { [RECENT]: "🕘", [CUSTOM]: "⭐" }[group] ?? CATEGORIES[Number(group)]?.sign ?? "";
  button.title = find(section, "h3").textContent ?? "";
  button.setAttribute("aria-label", button.title);
  return button;
}
