/**
 * Says below the field that a room is in slow mode, and how long the person waits for their next message. What they send
 * meanwhile is kept in the outbox, which sends it when the time has come.
 */

import { now } from "../clock.js";
import { find, setText, show } from "../dom.js";
import { nextFrame } from "../next_frame.js";
import { isModerator } from "../permissions.js";
import { phrase } from "../phrases.js";
import { isMine } from "../senders.js";
import { Timer } from "../timer.js";

/** @import { RoomContext } from "../room_view.js" */

const TICK_MS = 1000;

export class SlowMode {
  #line;
  #context;
  #tick;
  /** When the next message may be sent, in ms of `now`. */
  #freeAt = 0;

  /** @param {HTMLElement} root of a composer @param {RoomContext} context */
  constructor(root, context) {
    const { outbox, room, signal, store } = context;
    this.#line = find(root, ".slow-mode");
    this.#context = context;
    this.#tick = new Timer(() => this.#draw(), signal);
    const { ask } = nextFrame(() => this.#draw(), signal);
    store.on("rooms", ask, { signal });
    outbox.on("change", ask, { signal });
    outbox.on("removed", ({ item, isStored }) => isStored && item.room === room && this.#stored(), { signal });
    outbox.on("delayed", ({ item, error }) => item.room === room && this.#delayed(error.retryAfter ?? 1), { signal });
    this.#freeAt = now() + this.#leftOfLast();
    this.#draw();
  }

  /** The seconds between two messages of this person; 0 for none. */
  get #pauseS() {
    const state = this.#context.store.rooms.get(this.#context.room);
    return !state || isModerator(state.role) ? 0 : state.slow_mode_s;
  }

  /** Milliseconds that are left since the person's last message, if the page has it. */
  #leftOfLast() {
    const { room, store } = this.#context;
    const last = store.copy(room)?.tail.messages.findLast((message) => isMine(message, store.you));
    if (!last) return 0;
    const pauseMs = this.#pauseS * 1000;
    // The clock of the device may be wrong: the rest stays between 0 and the pause.
    return Math.min(pauseMs, Math.max(0, Date.parse(last.at) + pauseMs - Date.now()));
  }

  /** A message of this person is stored: the pause begins. */
  #stored() {
    this.#freeAt = now() + this.#pauseS * 1000;
    this.#draw();
  }

  /** The server has refused a message: it is too early. @param {number} seconds until it may be sent again */
  #delayed(seconds) {
    this.#freeAt = now() + seconds * 1000;
    this.#draw();
  }

  #draw() {
    const { outbox, room } = this.#context;
    const pauseS = this.#pauseS;
    show(this.#line, pauseS > 0);
    if (pauseS === 0) return;
    const leftS = Math.min(pauseS, Math.ceil((this.#freeAt - now()) / 1000));
    this.#line.classList.toggle("waiting", leftS > 0);
    if (leftS <= 0) return setText(this.#line, phrase("slow_mode", { time: spoken(pauseS) }));
    const hasWaiting = outbox.items(room).some(({ state }) => state === "waiting");
    setText(this.#line, phrase(hasWaiting ? "slow_mode_sending" : "slow_mode_wait", { time: spoken(leftS) }));
    this.#tick.start(TICK_MS);
  }
}

/** @param {number} seconds @returns {string} whole hours as hours; one minute, and from two on, as minutes, rounded up; else seconds */
function spoken(seconds) {
  if (seconds >= 3600 && seconds % 3600 === 0) return phrase("slow_hours", { count: seconds / 3600 });
  if (seconds >= 120 || seconds === 60) return phrase("slow_minutes", { count: Math.ceil(seconds / 60) });
  return phrase("slow_seconds", { count: seconds });
}
