/** The row of skin tones of the picker of emoji: one stop of Tab. */

import { findAll, fromTemplate } from "../dom.js";
import { TONES } from "../emoji_choices.js";
import { phrase } from "../phrases.js";

/** @import { EmojiChoices } from "../emoji_choices.js" */

const HANDS = ["✋", "✋🏻", "✋🏼", "✋🏽", "✋🏾", "✋🏿"];

export class EmojiTones {
  #root;
  #choices;

  /** @param {HTMLElement} root @param {EmojiChoices} choices keeps the tone */
  constructor(root, choices) {
    this.#root = root;
    this.#choices = choices;
    root.replaceChildren(...HANDS.slice(0, TONES).map(makeButton));
    this.#draw();
  }

  get buttons() {
    return findAll(this.#root, "[data-tone]");
  }

  /** @param {number} tone */
  choose(tone) {
    this.#choices.tone = tone;
    this.#draw();
  }

  #draw() {
    for (const button of this.buttons) {
      const isChosen = Number(button.dataset.tone) === this.#choices.tone;
      button.setAttribute("aria-checked", String(isChosen));
      button.tabIndex = isChosen ? 0 : -1;
    }
  }
}

/** @param {string} hand @param {number} tone */
function makeButton(hand, tone) {
  const button = fromTemplate("emoji-tone-template");
  button.dataset.tone = String(tone);
  button.textContent = hand;
  button.setAttribute("aria-label", phrase("emoji_tone", { number: tone }));
  return button;
}
