/** Says above the field how many people a message with `@all` or `@here` will tell, before it is sent. */

import { find, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { command } from "../protocol.js";
import { groupIn } from "../writing/groups.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { AboutReply } from "../wire.d.ts"
 * @import { ComposerField } from "./composer_field.js"
 */

export class GroupHint {
  #hint;
  #context;
  #field;
  /** @type {AboutReply | null} what the server says of the room, if it was asked since the text names a group */
  #about = null;
  /** @type {"all" | "here" | null} */
  #group = null;

  /** @param {HTMLElement} root of the composer @param {RoomContext} context @param {ComposerField} field */
  constructor(root, context, field) {
    const { room, signal, store } = context;
    this.#hint = find(root, ".group-hint");
    this.#context = context;
    this.#field = field;
    field.on("change", () => this.#changed());
    store.on("presence", (event) => event.room === room && this.#draw(), { signal });
  }

  #changed() {
    const group = groupIn(this.#field.text);
    if (group === this.#group) return;
    this.#group = group;
    if (group === null) this.#about = null;
    else if (!this.#about) void this.#ask();
    this.#draw();
  }

  /** Ask who may tell everyone, and how many members there are. Without an answer there is no hint. */
  async #ask() {
    const { connection, room, signal } = this.#context;
    try {
      this.#about = await connection.request(command.about(room));
    } catch {
      return;
    }
    if (!signal.aborted) this.#draw();
  }

  #draw() {
    const isKnown = this.#group !== null && this.#about !== null;
    show(this.#hint, isKnown);
    if (this.#group !== null && this.#about) setText(this.#hint, this.#text(this.#group, this.#about));
  }

  /** @param {"all" | "here"} group @param {AboutReply} about */
  #text(group, { may, members }) {
    if (!may.includes("mention_all")) return phrase("group_not_allowed");
    const { room, store } = this.#context;
    const count = group === "here" ? store.presence(room).online : members;
    // Not the author.
    return phrase(group === "here" ? "group_here_count" : "group_all_count", { count: Math.max(0, count - 1) });
  }
}
