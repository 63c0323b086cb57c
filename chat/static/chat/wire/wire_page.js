/** The page `/wire/`: its sections, and what they draw from. */

import { byId, setText } from "../dom.js";
import { nextFrame } from "../next_frame.js";
import { phrase } from "../phrases.js";
import { Timer } from "../timer.js";
import { Doctor } from "./doctor.js";
import { Drawing } from "./drawing.js";
import { Figures } from "./figures.js";
import { FrameTable } from "./frame_table.js";
import { HandshakeView } from "./handshake_view.js";
import { ObservedConnection } from "./observed_connection.js";
import { RfcExample } from "./rfc_example.js";

/** @import { Shell } from "../shell.js" */

const STATES = { connecting: "wire_connecting", online: "wire_online", offline: "wire_offline" };
const TICK_MS = 1000;

export class WirePage {
  #state = byId("wire-state");
  /** What is known of the connection. */
  observed;
  #parts;
  #ask = nextFrame(() => this.#draw()).ask;
  /** Times are shown in seconds. */
  #tick = new Timer(() => this.#draw());

  /** @param {Shell} shell */
  constructor({ tab: { connection } }) {
    this.observed = new ObservedConnection(connection);
    this.#parts = [
      new Figures(byId("wire-figures"), this.observed),
      new Drawing(byId("wire-drawing"), this.observed),
      new HandshakeView(byId("wire-handshake"), this.observed),
      new FrameTable(byId("wire-frames"), this.observed),
    ];
    this.observed.on("changed", this.#ask);
    this.#ask();
    new RfcExample();
    new Doctor(connection.url);
  }

  #draw() {
    const { name } = this.observed.state;
    this.#state.dataset.state = name;
    setText(this.#state, phrase(STATES[name]));
    for (const part of this.#parts) part.draw();
    this.#tick.start(TICK_MS);
  }
}
