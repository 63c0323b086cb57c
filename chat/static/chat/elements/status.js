/** The banner that says whether there is a connection, and when the next try is. */

import { setText, show } from "../dom.js";
import { phrase } from "../phrases.js";

const TICK_MS = 500;

export class StatusBanner {
  #banner = document.getElementById("status");
  #text = document.getElementById("status-text");
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
    show(this.#retry, false);
    show(this.#banner, true);
  }

  draw() {
    if (this.#forGood) return;
    const { name, retryAt } = this.connection.state;
    // A first connection mostly comes within a moment: only if it does not, there is a word about it.
    if (name === "offline") this.#banner.classList.remove("soon");
    this.#banner.dataset.state = name;
    show(this.#banner, name !== "online");
    show(this.#retry, retryAt !== null);
    clearTimeout(this.#timer);
    if (name === "connecting") setText(this.#text, phrase("connecting"));
    if (retryAt !== null) this.#count(retryAt);
  }

  #count(retryAt) {
    const seconds = Math.max(1, Math.ceil((retryAt - this.connection.now()) / 1000));
    setText(this.#text, phrase("offline", { seconds }));
    this.#timer = setTimeout(() => this.#count(retryAt), TICK_MS);
  }
}
