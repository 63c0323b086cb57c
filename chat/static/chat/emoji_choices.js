/** What a person chose in the picker of emoji: those that they used last, and a skin tone. In the browser's storage. */

import { storageKey } from "./storage_keys.js";

/** @import { Emoji } from "./emoji/emoji_list.js" */

const MAX_RECENT = 18;
/** Before a person has used any, and after those that they have used. */
const QUICK = ["👍", "❤️", "😂", "🎉", "👀", "🙏", "✅", "😢", "🔥"];
export const TONES = 6;

export class EmojiChoices {
  #storage;
  #recentKey;
  #toneKey;

  /** @param {Storage} storage @param {string} owner a person's key */
  constructor(storage, owner) {
    this.#storage = storage;
    this.#recentKey = storageKey("emoji", owner);
    this.#toneKey = storageKey("tone", owner);
  }

  /** The emoji that were used last, then the usual ones. @returns {string[]} */
  get recent() {
    const used = (this.#storage.getItem(this.#recentKey) ?? "").split(" ").filter(Boolean);
    return [...new Set([...used, ...QUICK])].slice(0, MAX_RECENT);
  }

  /** @param {string} emoji */
  use(emoji) {
    const used = (this.#storage.getItem(this.#recentKey) ?? "").split(" ").filter((each) => each && each !== emoji);
    this.#storage.setItem(this.#recentKey, [emoji, ...used].slice(0, MAX_RECENT).join(" "));
  }

  /** 0 for none, else from 1, the lightest, to 5. @returns {number} */
  get tone() {
    const tone = Number(this.#storage.getItem(this.#toneKey));
    return tone > 0 && tone < TONES ? tone : 0;
  }

  set tone(tone) {
    this.#storage.setItem(this.#toneKey, String(tone));
  }

  /** An emoji in the chosen skin tone. @param {Emoji} emoji */
  toned({ emoji, skins }) {
    return (this.tone && skins?.[this.tone - 1]) || emoji;
  }
}
