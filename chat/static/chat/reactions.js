/**
 * Reactions to a message: whose they are, and the names to show.
 *
 * @import { Sender } from "./senders.js"
 * @import { PersonName, Reaction } from "./wire.d.ts"
 */

/**
 * Whether this person is among those whom a reaction names. False for one of the others: the server names 50 at most.
 * @param {Reaction | undefined} reaction
 * @param {Sender | null} you
 */
export function isReactedBy(reaction, you) {
  return reaction?.people.some(({ id }) => id === you?.user?.id) ?? false;
}

/** How many people a reaction counts but does not name. @param {Reaction | undefined} reaction */
export function unnamed(reaction) {
  return reaction ? reaction.count - reaction.people.length : 0;
}

/**
 * The names of those who reacted: “Alice, Bob, +3”.
 * @param {Reaction} reaction
 * @param {(person: PersonName) => string} [nameOf] the name to show
 */
export function reactionNames(reaction, nameOf = ({ name }) => name) {
  const names = reaction.people.map(nameOf);
  if (unnamed(reaction) > 0) names.push(`+${unnamed(reaction)}`);
  return names.join(", ");
}
