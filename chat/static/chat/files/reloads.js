/** Loads again, when the connection is back, what could not be loaded while it was lost. */

/** @import { Connection } from "../socket.js" */

export class Reloads {
  /** @type {Map<Element, () => void>} what loads each element */
  #failed = new Map();

  /** @param {Pick<Connection, "on">} connection @param {AbortSignal} signal */
  constructor(connection, signal) {
    connection.on("state", ({ name }) => name === "online" && this.#run(), { signal });
    // A socket outlives a short loss.
    window.addEventListener("online", () => this.#run(), { signal });
  }

  /** An element is incomplete; it is marked as such until `load` is called. @param {Element} element @param {() => void} load */
  add(element, load) {
    element.classList.add("missing");
    this.#failed.set(element, load);
  }

  #run() {
    const failed = [...this.#failed];
    this.#failed.clear();
    for (const [element, load] of failed) {
      if (!element.isConnected) continue;
      element.classList.remove("missing");
      load();
    }
  }
}
