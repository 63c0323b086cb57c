/**
 * Polls as people write them: `/poll "Lunch?" "Pizza" "Soup"`, and what a click on an option means. State only. The rules
 * are those of chat/domain/poll_options.py.
 */

/**
 * @import { Poll, PostedPoll } from "./wire.d.ts"
 *
 * @typedef {object} WrittenPoll
 * @property {string} question
 * @property {string[]} options
 * @property {boolean} multiple
 * @property {boolean} anonymous
 */

const FEWEST_OPTIONS = 2;
export const MOST_OPTIONS = 10;
const MOST_CHARACTERS = 80;
/** Phones write quotation marks as their language has them. */
const QUOTED = /"([^"]*)"|[“„”]([^“”]*)[“”]|«([^»]*)»|「([^」]*)」|『([^』]*)』/gu;
const WORDS = { multiple: "--multiple", anonymous: "--anonymous" };

/**
 * Read what follows `/poll`: quoted texts, the first one is the question. Without quotation marks, lines.
 * `--multiple` and `--anonymous` may stand before or after them.
 * @param {string} text
 * @returns {WrittenPoll}
 */
export function parsePoll(text) {
  const outside = text.replace(QUOTED, " ");
  const [multiple, anonymous] = [WORDS.multiple, WORDS.anonymous].map((word) => outside.split(/\s+/).includes(word));
  const quoted = [...text.matchAll(QUOTED)].map(([, ...found]) => found.find((each) => each !== undefined) ?? "");
  const lines = text.replaceAll(/--(?:multiple|anonymous)\b/g, "").split("\n");
  const [question = "", ...options] = (quoted.length ? quoted : lines).map((part) => part.trim()).filter(Boolean);
  return { question, options, multiple: Boolean(multiple), anonymous: Boolean(anonymous) };
}

/** Why a poll cannot be asked. @param {WrittenPoll} poll @returns {string | null} the name of a phrase */
export function pollProblem({ question, options }) {
  if (!question) return "poll_needs_question";
  if (options.length < FEWEST_OPTIONS) return "poll_needs_options";
  if (options.length > MOST_OPTIONS) return "poll_many_options";
  if (options.some((option) => [...option].length > MOST_CHARACTERS)) return "poll_long_option";
  return new Set(options.map((option) => option.toLowerCase())).size < options.length ? "poll_same_options" : null;
}

/** A poll that is not sent yet, as the timeline shows it. @param {PostedPoll} posted @returns {Poll} */
export function unsentPoll({ options, multiple = false, anonymous = false }) {
  const empty = options.map((text) => ({ text, votes: 0, people: [] }));
  return { options: empty, multiple, anonymous, closed: false, voters: 0 };
}

/**
 * The options that a person has chosen after a click on one.
 * @param {Pick<Poll, "multiple">} poll
 * @param {readonly number[]} chosen before
 * @param {number} place the option that was clicked
 * @returns {number[]}
 */
export function chosenAfter({ multiple }, chosen, place) {
  if (chosen.includes(place)) return chosen.filter((each) => each !== place);
  return multiple ? [...chosen, place].sort((one, other) => one - other) : [place];
}
