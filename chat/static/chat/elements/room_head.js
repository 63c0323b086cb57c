/** The parts around the timeline: name and topic of the room, who is online, and why the person may not write. */

import { plannedTime } from "../dates.js";
import { find, findOptional, setText, shortCount, show } from "../dom.js";
import { nextFrame } from "../next_frame.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { isModerator, whyNotPosting } from "../permissions.js";
import { othersIn, roomName } from "../room_names.js";
import { countOf } from "../room_states.js";
import { Timer } from "../timer.js";

/** Browsers take a longer time for none. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @import { RoomContext } from "../room_view.js" */

export class RoomHead {
  #root;
  #context;
  #isGone = false;
  #muteTimer;

  /** @param {HTMLElement} root of the room @param {RoomContext} context */
  constructor(root, context) {
    const { room, signal, store } = context;
    this.#root = root;
    this.#context = context;
    this.#muteTimer = new Timer(() => this.#muteTimerEnded(), signal);
    // Without scripts it is a button of a form, and for guests there is none.
    const join = findOptional(root, ".join-button", HTMLButtonElement);
    join?.addEventListener("click", (event) => void this.#join(event, join), { signal });
    store.on("rooms", nextFrame(() => this.#drawRoom(), signal).ask, { signal });
    store.on("presence", (event) => event.room === room && this.#drawPeople(), { signal });
    store.on("people", () => this.#drawPeople(), { signal });
    this.#drawRoom();
    this.#drawPeople();
  }

  /** Whether the person may write new messages here, as far as the page knows. */
  get isOpen() {
    return this.#closedReason === null;
  }

  /** Whether they may react, edit and vote here. */
  get isWritable() {
    const reason = this.#closedReason;
    return reason === null || reason === "moderators" || reason === "named";
  }

  /** @param {boolean} isGone whether the person may no longer see the room */
  setGone(isGone) {
    this.#isGone = isGone;
    this.#drawRoom();
  }

  /** @param {MouseEvent} event @param {HTMLButtonElement} button */
  async #join(event, button) {
    const { connection, notice, room, store } = this.#context;
    event.preventDefault();
    button.disabled = true;
    try {
      store.addRoom((await connection.request(command.join(room))).state);
      find(this.#root, ".room-name").focus({ preventScroll: true });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      notice.showError(error);
    } finally {
      button.disabled = false;
    }
  }

  get #state() {
    return this.#context.store.rooms.get(this.#context.room);
  }

  get #closedReason() {
    const { room, store } = this.#context;
    const state = this.#state;
    if (this.#isGone || !state) return "gone";
    if (state.archived) return "archived";
    if (!store.you.user && state.guests !== "write") return "guest";
    if (state.role === "reader") return "reader";
    if (store.rights.muteEnd(room)) return "muted";
    // As the state says now; `canPost` is what the server said when the room was opened.
    return whyNotPosting(state) ?? (state.who_posts === "everyone" && !store.rights.canPost(room) ? "reader" : null);
  }

  #drawRoom() {
    const reason = this.#closedReason;
    const compose = find(this.#root, ".compose");
    const losesFocus = reason !== null && compose.contains(document.activeElement);
    show(compose, reason === null);
    if (losesFocus) find(this.#root, ".room-name").focus({ preventScroll: true });
    const closed = find(this.#root, ".compose-closed");
    show(closed, reason !== null);
    for (const line of closed.querySelectorAll("p")) show(line, line.dataset.why === reason);
    this.#drawMute(closed);
    this.#drawElsewhere();
    const state = this.#state;
    // Shows the buttons that remove previews (previews.css).
    this.#root.classList.toggle("moderated", reason === null && isModerator(state?.role ?? null));
    if (!state) return;
    const name = roomName(state, this.#context.store.you);
    setText(find(this.#root, ".room-name-text"), name);
    setText(find(this.#root, ".room-topic"), state.topic);
    const isNotes = state.kind === "direct" && othersIn(state, this.#context.store.you).length === 0;
    const hint = isNotes ? phrase("write_note") : phrase("message_to", { room: name });
    find(this.#root, ".compose-field", HTMLTextAreaElement).placeholder = hint;
    // Guests have none.
    show(findOptional(this.#root, ".join-button"), state.role === null && state.kind === "public");
  }

  /** Say until when a moderator has muted the reader, and open the composer then. @param {HTMLElement} closed */
  #drawMute(closed) {
    const { room, store } = this.#context;
    const end = store.rights.muteEnd(room);
    if (!end) return;
    setText(find(closed, "[data-why=muted]"), phrase("muted", { time: plannedTime(end) }));
    this.#muteTimer.start(Math.min(end.getTime() - Date.now() + 500, LONGEST_TIMER_MS));
  }

  #muteTimerEnded() {
    const { room, store } = this.#context;
    if (!store.rights.muteEnd(room)) store.rights.muteEnded(room);
    this.#drawRoom();
  }

  /** On a narrow screen the list of rooms is a page of its own: unread messages of other rooms show here. */
  #drawElsewhere() {
    const here = this.#state;
    const unread = this.#context.store.unread - (here ? countOf(here) : 0);
    const badge = find(this.#root, ".unread-elsewhere");
    show(badge, unread > 0);
    setText(badge, shortCount(unread));
    badge.title = phrase("unread_label", { count: unread });
  }

  #drawPeople() {
    const { online } = this.#context.store.presence(this.#context.room);
    // Before the answer to the first `open` nobody is counted.
    setText(find(this.#root, ".online-count"), online ? String(online) : "");
  }
}
