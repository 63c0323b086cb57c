/** Draws the reactions below a message: a button for each emoji. */

import { find, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { isReactedBy, reactionNames } from "../reactions.js";
import { drawEmoji } from "./emoji_sign.js";

/** @import { Addresses, PersonName, Reaction, You } from "../wire.d.ts" */

/** A message with more different reactions shows SHOWN_REACTIONS of them first. */
const MAX_REACTIONS = 12;
const SHOWN_REACTIONS = 10;

/**
 * @param {HTMLElement} list
 * @param {Reaction[]} reactions
 * @param {You} you
 * @param {(person: PersonName) => string} nameOf
 * @param {Addresses} urls
 */
export function drawReactions(list, reactions, you, nameOf, urls) {
  const known = new Map([...list.children].map((item) => [find(item, "button").dataset.emoji, item]));
  const items = reactions.map((reaction) => {
    const { emoji, count } = reaction;
    const item = known.get(emoji) ?? fromTemplate("reaction-template");
    const button = find(item, "button", HTMLButtonElement);
    button.dataset.emoji = emoji;
    button.setAttribute("aria-pressed", String(isReactedBy(reaction, you)));
    button.disabled = you.user === null;
    button.title = phrase("reacted", { emoji, names: reactionNames(reaction, nameOf) });
    drawEmoji(find(button, ".emoji"), emoji, urls);
    setText(find(button, ".count"), String(count));
    return item;
  });
  list.replaceChildren(...items);
  if (!("open" in list.dataset)) foldReactions(list, reactions, you);
}

/**
 * Of many reactions, show the first ones and the reader's own, and a button for the others.
 * @param {HTMLElement} list
 * @param {Reaction[]} reactions
 * @param {You} you
 */
function foldReactions(list, reactions, you) {
  const folded = [...list.children].filter((item, place) => {
    const reaction = reactions[place];
    const isFolded = reactions.length > MAX_REACTIONS && place >= SHOWN_REACTIONS && !isReactedBy(reaction, you);
    show(/** @type {HTMLElement} */ (item), !isFolded);
    return isFolded;
  });
  if (!folded.length) return;
  const item = fromTemplate("more-reactions-template");
  const button = find(item, "button");
  setText(button, `+${folded.length}`);
  button.setAttribute("aria-label", phrase("more_reactions", { count: folded.length }));
  button.addEventListener("click", () => {
    list.dataset.open = "";
    for (const each of list.children) show(/** @type {HTMLElement} */ (each), each !== item);
    item.remove();
    const [first] = folded;
    if (first) find(first, "button").focus();
  });
  list.append(item);
}
