/** The banner that shows whether there is a connection, and when the next attempt is due. */

import { byId, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { Timer } from "../timer.js";
import { FocusReturn } from "./focus_return.js";

/** @import { Connection, ConnectionState } from "../socket.js" */

const TICK_MS = 500;

export class StatusBanner {
  #banner = byId("status");
  #focus = new FocusReturn(this.#banner);
  #text = byId("status-text");
  #next = byId("status-next");
  /** For screen readers. */
  #announced = byId("status-announcement");
  #retry = byId("status-retry");
  #countdown = new Timer(() => this.#drawCountdown());
  #isFinal = false;
  #connection;

  /** @param {Connection} connection */
  constructor(connection) {
    this.#connection = connection;
    this.#retry.addEventListener("click", () => connection.retryNow());
    connection.on("state", () => this.draw());
    this.draw();
  }

  /** Show why there will be no connection. @param {string} text */
  showFinal(text) {
    this.#isFinal = true;
    this.#countdown.stop();
    this.#banner.classList.remove("soon");
    this.#banner.dataset.state = "offline";
    setText(this.#text, text);
    setText(this.#next, "");
    setText(this.#announced, text);
    // Hidden first, so that a focus on the button is given back before the button is hidden.
    this.#focus.show(false);
    show(this.#retry, false);
    this.#focus.show(true);
  }

  draw() {
    if (this.#isFinal) return;
    const { name, retryAt } = this.#connection.state;
    this.#announce(name);
    // The class delays the banner: usually the first connection is made within a moment.
    if (name === "offline") this.#banner.classList.remove("soon");
    this.#banner.dataset.state = name;
    this.#focus.show(name !== "online");
    // The button stays while it has the focus, so that a keyboard user can press it again.
    show(this.#retry, retryAt !== null || this.#retry === document.activeElement);
    if (name === "connecting") setText(this.#text, phrase("connecting"));
    else if (retryAt !== null) setText(this.#text, phrase("offline"));
    this.#drawCountdown();
  }

  /** Announce to screen readers a loss and its end: not each attempt. @param {ConnectionState["name"]} name */
  #announce(name) {
    if (name === "offline") setText(this.#announced, phrase("offline"));
    else if (name === "online" && this.#announced.textContent) setText(this.#announced, phrase("online_again"));
  }

  #drawCountdown() {
    const { retryAt } = this.#connection.state;
    this.#countdown.stop();
    if (retryAt === null) return setText(this.#next, "");
    const seconds = Math.max(1, Math.ceil((retryAt - this.#connection.now()) / 1000));
    setText(this.#next, phrase("next_try", { seconds }));
    this.#countdown.start(TICK_MS);
  }
}
