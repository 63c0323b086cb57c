/** Finds the message that has the line "New" above it: the first message of others after a seq. */

import { isMine } from "../senders.js";
import { shownCopy } from "../shown_copy.js";

/** @import { RoomContext } from "../room_view.js" */

export class NewLine {
  #context;
  /** @type {number | null} a seq; null for no line */
  from = null;
  /** @type {number | null} the id of the message below the line */
  id = null;

  /** @param {Pick<RoomContext, "room" | "store" | "threadCopy">} context */
  constructor(context) {
    this.#context = context;
  }

  /** Find the message in what is shown. @returns {number[]} the ids of the messages whose lines have changed */
  update() {
    const previous = this.id;
    this.id = this.#find();
    return previous === this.id ? [] : [previous, this.id].filter((id) => id !== null);
  }

  #find() {
    const { store } = this.#context;
    const section = shownCopy(this.#context)?.shown;
    // The first new message may be before or after what is shown.
    if (this.from === null || !section?.covers(this.from + 1)) return null;
    let message = section.firstAfter(this.from);
    while (message && isMine(message, store.you)) message = section.firstAfter(message.seq);
    return message?.id ?? null;
  }
}
