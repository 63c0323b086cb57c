/** The button above a room that tells its moderators how many reports and held messages wait, and opens them. */

import { find, findOptional, setText, shortCount, show } from "../dom.js";
import { isModerator } from "../permissions.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { Timer } from "../timer.js";

/** @import { RoomContext } from "../room_view.js" */

/** After what the reader sees first. */
const ASK_AFTER_MS = 500;

/** @param {HTMLElement} root of the room @param {RoomContext} context */
export function showReportsButton(root, { connection, room, signal, store }) {
  // Guests have none.
  const button = findOptional(root, ".reports-button");
  if (!button) return;
  let isAsked = false;
  /** @param {number} open */
  const draw = (open) => {
    show(button, open > 0);
    setText(find(button, ".reports-open"), shortCount(open));
    button.title = phrase("reports_wait", { count: open });
  };
  const ask = async () => {
    try {
      const { open } = await connection.request(command.countReports(room));
      if (!signal.aborted) draw(open);
    } catch (error) {
      // It is asked for again with the next connection.
      if (!(error instanceof CommandError)) throw error;
    }
  };
  const timer = new Timer(() => void ask(), signal);
  const check = () => {
    const state = store.rooms.get(room);
    const moderates = state !== undefined && state.kind !== "direct" && isModerator(state.role);
    if (moderates && !isAsked && connection.online) timer.start(ASK_AFTER_MS);
    if (!moderates) draw(0);
    isAsked = moderates && (isAsked || connection.online);
  };
  store.on("reports", (event) => event.room === room && draw(event.open), { signal });
  store.on("rooms", check, { signal });
  connection.on("state", () => {
    isAsked = false;
    check();
  }, { signal });
  check();
}
