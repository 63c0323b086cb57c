/** The numbers of the connection, in one line above everything else. */

import { now } from "../clock.js";
import { find, setText } from "../dom.js";
import { duration, milliseconds, trafficWords } from "./units.js";

/** @import { ObservedConnection } from "./observed_connection.js" */

export class Figures {
  #root;
  #observed;

  /** @param {HTMLElement} root @param {ObservedConnection} observed */
  constructor(root, observed) {
    this.#root = root;
    this.#observed = observed;
    find(root, ".wire-ping").addEventListener("click", () => observed.ping());
    find(root, ".wire-reconnect").addEventListener("click", () => observed.reconnect());
  }

  draw() {
    const { socket, ending, traffic, roundTripMs, showsFrames, state } = this.#observed;
    const { begunAt = 0, openedAt = null } = socket ?? {};
    this.#set("opened", openedAt === null ? null : milliseconds(openedAt - begunAt));
    this.#set("lasted", openedAt === null ? null : duration((ending?.at ?? now()) - openedAt));
    this.#set("round-trip", roundTripMs === null ? null : milliseconds(roundTripMs));
    for (const name of /** @type {const} */ (["received", "sent"])) {
      this.#set(name, trafficWords(traffic[name]));
    }
    find(this.#root, ".wire-ping", HTMLButtonElement).disabled = state.name !== "online" || !showsFrames;
    find(this.#root, ".wire-reconnect", HTMLButtonElement).disabled = state.name === "connecting";
  }

  /** @param {string} name @param {string | null} value */
  #set(name, value) {
    setText(find(this.#root, `[data-figure="${name}"]`), value ?? "–");
  }
}
