/** Draws the poll of a message: its options with bars, who chose them, and what the reader chose. */

import { find, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";

/**
 * @import { PersonName, Poll, PollOption } from "../wire.d.ts"
 *
 * @typedef {object} PollReader
 * @property {readonly number[]} chosen the places of the options that the reader chose
 * @property {boolean} canVote whether the server would accept a vote
 * @property {boolean} canClose
 * @property {(person: PersonName) => string} nameOf
 */

/**
 * Draw a poll. Elements stay, so that the focus stays and the bars move.
 * @param {HTMLElement} element made of `#poll-template`
 * @param {Poll} poll
 * @param {PollReader} reader
 */
export function drawPoll(element, poll, reader) {
  const list = find(element, ".poll-options");
  while (list.children.length < poll.options.length) list.append(fromTemplate("poll-option-template"));
  // The longest bar belongs to all voters.
  const all = Math.max(1, poll.voters);
  const most = Math.max(...poll.options.map(({ votes }) => votes));
  element.classList.toggle("closed", poll.closed);
  for (const [place, option] of poll.options.entries()) {
    const item = /** @type {HTMLElement} */ (list.children[place]);
    drawOption(item, option, place, poll, reader);
    find(item, ".poll-bar").style.setProperty("--share", String(option.votes / all));
    item.classList.toggle("leading", poll.closed && option.votes === most && most > 0);
  }
  setText(find(element, ".poll-facts"), factsOf(poll));
  show(find(element, ".poll-close"), reader.canClose && !poll.closed);
}

/**
 * @param {HTMLElement} item
 * @param {PollOption} option
 * @param {number} place
 * @param {Poll} poll
 * @param {PollReader} reader
 */
function drawOption(item, { text, votes, people }, place, { multiple, closed }, { chosen, canVote, nameOf }) {
  const button = find(item, "button", HTMLButtonElement);
  button.dataset.option = String(place);
  button.setAttribute("role", multiple ? "checkbox" : "radio");
  button.setAttribute("aria-checked", String(chosen.includes(place)));
  // Not `disabled`: a screen reader shall still find the results.
  button.setAttribute("aria-disabled", String(!canVote || closed));
  setText(find(item, ".poll-text"), text);
  setText(find(item, ".poll-count"), String(votes));
  find(item, ".poll-count").title = phrase(votes === 1 ? "vote_one" : "vote_many", { count: votes });
  const names = find(item, ".poll-people");
  const more = votes - people.length;
  const known = people.map(nameOf).join(phrase("list_comma"));
  setText(names, more > 0 && known ? phrase("names_and_more", { names: known, count: more }) : known);
  names.title = names.textContent ?? "";
  show(names, known !== "");
}

/** @param {Poll} poll */
function factsOf({ voters, multiple, anonymous, closed }) {
  const facts = [phrase(voters === 1 ? "voter_one" : "voter_many", { count: voters })];
  if (closed) facts.push(phrase("poll_closed"));
  else if (multiple) facts.push(phrase("poll_multiple"));
  if (anonymous) facts.push(phrase("poll_anonymous"));
  return facts.join(" · ");
}
