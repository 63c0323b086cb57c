/** The groups of emoji that the picker offers: those that were used last, the own ones of the site, all others by category. */

import { loadEmoji } from "../emoji/emoji_list.js";
import { phrase } from "../phrases.js";
import { CATEGORIES, CUSTOM, RECENT } from "./emoji_tabs.js";

/**
 * @import { CustomEmoji } from "../custom_emoji.js"
 * @import { Emoji, EmojiList } from "../emoji/emoji_list.js"
 * @import { EmojiChoices } from "../emoji_choices.js"
 * @import { Addresses } from "../wire.d.ts"
 * @import { Sign } from "./emoji_grid.js"
 *
 * @typedef {{group: string, title: string, signs: Sign[]}} Group
 */

const MAX_FOUND = 90;

export class EmojiGroups {
  #customEmoji;
  #urls;
  #choices;
  /** @type {EmojiList | null} */
  #list = null;

  /** @param {{customEmoji: CustomEmoji, urls: Addresses}} tab @param {EmojiChoices} choices */
  constructor({ customEmoji, urls }, choices) {
    this.#customEmoji = customEmoji;
    this.#urls = urls;
    this.#choices = choices;
  }

  /** @returns {Promise<boolean>} whether there are more now */
  async load() {
    void this.#customEmoji.load();
    if (this.#list) return false;
    try {
      this.#list = await loadEmoji(this.#urls.emoji);
      return true;
    } catch {
      // Without a network the recent ones can be chosen.
      return false;
    }
  }

  /** @param {string} query @returns {Sign[]} the site's own first */
  find(query) {
    const found = this.#list?.search(query, MAX_FOUND) ?? [];
    const own = this.#customEmoji.names.filter((name) => name.includes(query.toLowerCase()));
    return [...own.map(customSign), ...found.map(({ emoji, name }) => this.#signOf(emoji, name))];
  }

  /** All of them, in the order of the picker. @returns {Group[]} */
  get all() {
    const { names } = this.#customEmoji;
    const recent = this.#choices.recent.map((emoji) => this.#recentSign(emoji));
    const groups = [{ group: RECENT, title: phrase("emoji_recent"), signs: recent }];
    if (names.length) groups.push({ group: CUSTOM, title: phrase("emoji_custom"), signs: names.map(customSign) });
    CATEGORIES.forEach(({ name }, group) => {
      const all = (this.#list?.all ?? []).filter((emoji) => emoji.group === group);
      const signs = all.map((each) => this.#signOf(each));
      if (signs.length) groups.push({ group: String(group), title: phrase(name), signs });
    });
    return groups;
  }

  /** @param {Emoji} emoji @param {string} [name] @returns {Sign} */
  #signOf(emoji, name = emoji.names[0] ?? "") {
    return { emoji: this.#choices.toned(emoji), label: `:${name}:`, original: emoji };
  }

  /** @param {string} emoji @returns {Sign} */
  #recentSign(emoji) {
    const known = this.#list?.get(emoji);
    return { emoji, label: known ? `:${known.names[0] ?? ""}:` : emoji };
  }
}

/** @param {string} name @returns {Sign} */
function customSign(name) {
  return { emoji: `:${name}:`, label: `:${name}:` };
}
