/** The line that shows who is typing. A name disappears when it expires. */

import { find, setText } from "../dom.js";
import { TYPING_EXPIRES_MS } from "../people.js";
import { phrase } from "../phrases.js";
import { Timer } from "../timer.js";

/** @import { RoomContext } from "../room_view.js" */

export class TypingLine {
  #line;
  #context;
  #timer;

  /** @param {HTMLElement} root of the room @param {RoomContext} context */
  constructor(root, context) {
    const { room, signal, store } = context;
    this.#line = find(root, ".typing-line");
    this.#context = context;
    this.#timer = new Timer(() => this.#draw(), signal);
    store.on("typing", (event) => event.room === room && this.#draw(), { signal });
    store.on("people", () => this.#draw(), { signal });
  }

  #draw() {
    const [name, other, more] = this.#context.store.typing(this.#context.room).names;
    if (name === undefined) this.#timer.stop();
    else this.#timer.start(TYPING_EXPIRES_MS / 5);
    setText(this.#line, name === undefined ? "" : phrase(typingPhrase(other, more), { name, other: other ?? "" }));
  }
}

/** @param {string | undefined} other @param {string | undefined} more @returns {string} a phrase's name */
function typingPhrase(other, more) {
  if (more !== undefined) return "typing_many";
  return other === undefined ? "typing_one" : "typing_two";
}
