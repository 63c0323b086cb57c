/** The banner that says whether there is a connection, and when the next try is. */

import { setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { FocusReturn } from "./focus_return.js";

const TICK_MS = 500;

export class StatusBanner {
  #banner = document.getElementById("status");
  #focus = new FocusReturn(this.#banner);
  #text = document.getElementById("status-text");
  #next = document.getElementById("status-next");
  #said = document.getElementById("status-said");
  #retry = document.getElementById("status-retry");
  #timer = null;
  #forGood = false;

  /** @param {import("../socket.js").Connection} connection */
  constructor(connection) {
    this.connection = connection;
    this.#retry.addEventListener("click", () => connection.wake());
    connection.on("state", () => this.draw());
    this.draw();
  }

  /** Say why there will be no connection. @param {string} text */
  sayForGood(text) {
    this.#forGood = true;
    clearTimeout(this.#timer);
    this.#banner.classList.remove("soon");
    this.#banner.dataset.state = "offline";
    setText(this.#text, text);
    setText(this.#next, "");
    setText(this.#said, text);
    // Hides the button first, and gives back the focus that it may have.
    this.#focus.show(false);
    show(this.#retry, false);
    this.#focus.show(true);
  }

  draw() {
    if (this.#forGood) return;
    const { name, retryAt } = this.connection.state;
    this.#say(name);
    // A first connection mostly comes within a moment: only if it does not, there is a word about it.
    if (name === "offline") this.#banner.classList.remove("soon");
    this.#banner.dataset.state = name;
    this.#focus.show(name !== "online");
    // Whoever pressed it by the keyboard stays on it, and can press it again.
    show(this.#retry, retryAt !== null || this.#retry === document.activeElement);
    clearTimeout(this.#timer);
    if (name === "connecting") setText(this.#text, phrase("connecting"));
    if (retryAt === null) {
      setText(this.#next, "");
    } else {
      setText(this.#text, phrase("offline"));
      this.#count(retryAt);
    }
  }

  /** Tell those who do not see the banner, once: not each try, and no seconds. */
  #say(name) {
    if (name === "offline") setText(this.#said, phrase("offline"));
    else if (name === "online" && this.#said.textContent) setText(this.#said, phrase("online_again"));
  }

  #count(retryAt) {
    const seconds = Math.max(1, Math.ceil((retryAt - this.connection.now()) / 1000));
    setText(this.#next, phrase("next_try", { seconds }));
    this.#timer = setTimeout(() => this.#count(retryAt), TICK_MS);
  }
}
