/** The emoji of this page: their names, and the words to find them by. State only; made by chat/domain/emoji/make.py. */

import { fold } from "../name_match.js";

/**
 * @import { EmojiAddresses } from "../wire.d.ts"
 *
 * @typedef {object} Emoji
 * @property {string} emoji the character, in the form that the server stores
 * @property {number} group its place in `EmojiList.groups`
 * @property {string[]} names as they are written between colons, the best known one first
 * @property {string[]} words to find it by: the first one is its label
 * @property {string[]} [skins] its forms with a skin tone, from the lightest to the darkest
 */

/** How well an emoji matches a query; lower is better. */
const RANK = { name: 0, nameStart: 1, word: 2, nameWord: 3, wordStart: 4, inside: 5 };

export class EmojiList {
  /** @type {Map<string, Emoji>} */
  #byName = new Map();
  /** @type {Map<string, Emoji>} */
  #byCharacter = new Map();

  /**
   * @param {{groups: string[], emoji: Emoji[]}} data emoji.json
   * @param {Record<string, string[]>} [translated] words in the reader's language, by emoji
   */
  constructor({ groups, emoji }, translated = {}) {
    this.groups = groups;
    /** In the order of a picker. @type {Emoji[]} */
    this.all = emoji.map((each) => ({ ...each, words: [...(translated[each.emoji] ?? []), ...each.words] }));
    for (const each of this.all) {
      this.#byCharacter.set(each.emoji, each);
      for (const name of each.names) this.#byName.set(name, each);
    }
  }

  /** @param {string} name without colons @returns {Emoji | undefined} */
  named(name) {
    return this.#byName.get(name.toLowerCase());
  }

  /** @param {string} character @returns {Emoji | undefined} */
  get(character) {
    return this.#byCharacter.get(character);
  }

  /**
   * The emoji for a query, the best first: by their names, and by words in English and in the reader's language.
   * @param {string} query
   * @param {number} [most]
   * @returns {{emoji: Emoji, name: string}[]} `name`: the one that matches best
   */
  search(query, most = Infinity) {
    const asked = fold(query.trim()).replaceAll(" ", "_");
    if (!asked) return [];
    const found = this.all.flatMap((emoji, at) => {
      const [rank, name] = rankOf(emoji, asked);
      return rank === Infinity ? [] : [{ emoji, name, rank, at }];
    });
    return found.sort((a, b) => a.rank - b.rank || a.at - b.at).slice(0, most);
  }
}

/** @param {Emoji} emoji @param {string} asked @returns {[rank: number, name: string]} */
function rankOf({ names, words }, asked) {
  const first = names[0] ?? "";
  /** @type {[number, string]} */
  let best = [Infinity, first];
  for (const name of names) {
    const rank = rankOfName(name, asked);
    if (rank < best[0]) best = [rank, name];
  }
  for (const word of words) {
    const rank = rankOfWord(fold(word).replaceAll(" ", "_"), asked);
    if (rank < best[0]) best = [rank, first];
  }
  return best;
}

/** @param {string} name @param {string} asked */
function rankOfName(name, asked) {
  if (name === asked) return RANK.name;
  if (name.startsWith(asked)) return RANK.nameStart;
  if (name.includes(`_${asked}`) || name.includes(`-${asked}`)) return RANK.nameWord;
  return name.includes(asked) ? RANK.inside : Infinity;
}

/** @param {string} word @param {string} asked */
function rankOfWord(word, asked) {
  if (word === asked) return RANK.word;
  if (word.startsWith(asked) || word.includes(`_${asked}`)) return RANK.wordStart;
  // Chinese has no spaces between words.
  return asked > "\u2e80" && word.includes(asked) ? RANK.inside : Infinity;
}

/** @type {Promise<EmojiList> | undefined} */
let loading;

/**
 * The list, loaded once a page when it is first needed.
 * @param {EmojiAddresses} addresses
 * @returns {Promise<EmojiList>} rejects when it cannot be loaded: the next call tries again
 */
export function loadEmoji(addresses) {
  loading ??= load(addresses).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** @param {EmojiAddresses} addresses */
async function load({ list, words: given }) {
  const words = /** @type {Record<string, string>} */ (given);
  const language = wordsLanguage([document.documentElement.lang, ...navigator.languages], Object.keys(words));
  const [data, translated] = await Promise.all([list, words[language]].map((url) => (url ? fetchJson(url) : undefined)));
  return new EmojiList(data, translated);
}

/** @param {string} url */
async function fetchJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return response.json();
}

/**
 * The language of the words beside English: the first one of the reader's that there are words for.
 * @param {readonly string[]} languages tags of BCP 47, the preferred one first
 * @param {readonly string[]} known the languages that there are words for
 * @returns {string} one of `known`, or "en"
 */
export function wordsLanguage(languages, known) {
  for (const tag of languages) {
    const found = /^zh-(hant|tw|hk|mo)\b/i.test(tag) ? "zh-hant" : (tag.toLowerCase().split("-", 1)[0] ?? "");
    if (known.includes(found)) return found;
  }
  return "en";
}
