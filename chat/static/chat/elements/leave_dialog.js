/**
 * Asks before a person leaves the room: the dialog `#leave-dialog` of the shell. They then see the list of rooms, or
 * another room. Without a connection the form leads to the page that says that they left.
 * Without JavaScript the link leads to a page that asks.
 */

import { byId, find, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { command } from "../protocol.js";
import { roomUrl } from "../urls.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { AboutReply } from "../wire.d.ts"
 */

/**
 * @param {HTMLElement} root of the room's panel
 * @param {RoomContext} context
 * @param {() => AboutReply | null} getAbout
 */
export function leaveByDialog(root, context, getAbout) {
  const { room, signal } = context;
  const link = find(root, ".leave-link", HTMLAnchorElement);
  link.href = link.href.replace("__slug__", encodeURIComponent(room));
  /** @param {MouseEvent} event */
  const clicked = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openLeaveDialog(context, getAbout());
  };
  link.addEventListener("click", clicked, { signal });
  signal.addEventListener("abort", () => byId("leave-dialog", HTMLDialogElement).close(), { once: true });
}

/**
 * Ask whether the person wants to leave a room.
 * @param {RoomContext} context
 * @param {AboutReply | null} [about]
 */
export function openLeaveDialog(context, about = null) {
  const { connection, room, store, urls } = context;
  const dialog = byId("leave-dialog", HTMLDialogElement);
  const { kind, role } = store.rooms.get(room) ?? {};
  show(find(dialog, '[data-kind="public"]'), kind === "public");
  show(find(dialog, '[data-kind="private"]'), kind !== "public");
  show(find(dialog, "[data-last-owner]"), role === "owner" && about?.owners === 1 && about.members > 1);
  const button = find(dialog, ".danger", HTMLButtonElement);
  button.formAction = `${roomUrl(urls, room)}leave/`;
  const closing = new AbortController();
  /** @param {MouseEvent} event */
  const chosen = (event) => {
    if (!connection.online) return;
    event.preventDefault();
    dialog.close();
    void leave(context, context.exitFrom(room));
  };
  button.addEventListener("click", chosen, { signal: closing.signal });
  dialog.addEventListener("close", () => closing.abort(), { once: true });
  dialog.showModal();
}

/** @param {RoomContext} context @param {() => void} exit */
async function leave({ connection, notice, room, store }, exit) {
  const { kind, name = room } = store.rooms.get(room) ?? {};
  if (await notice.errorOf(connection.request(command.leave(room)))) return;
  exit();
  notice.inform(phrase(kind === "public" ? "left_public" : "left_private", { name }));
}
