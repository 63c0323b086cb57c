/** What an admin does first, in the Lobby while it is empty: three cards, until there is a message. */

import { find, fromTemplate, show } from "../dom.js";
import { InviteLink } from "./invite_link.js";

/** @import { RoomContext } from "../room_view.js" */

const LOBBY = "lobby";

/** @param {HTMLElement} root of the room @param {RoomContext} context */
export function showFirstRun(root, { connection, room, signal, store }) {
  const isOwner = store.rooms.get(room)?.role === "owner";
  if (room !== LOBBY || !isOwner || !document.getElementById("first-run-template")) return;
  const cards = fromTemplate("first-run-template");
  new InviteLink(find(cards, ".invite-link"), connection, undefined, signal);
  find(root, ".beginning").append(cards);
  const draw = () => {
    const copy = store.copy(room);
    const isEmpty = copy !== undefined && !copy.shown.moreBefore && copy.messages.length === 0;
    show(cards, isEmpty);
    find(root, ".beginning").classList.toggle("has-first-run", isEmpty);
  };
  store.on("messages", (event) => event.room === room && draw(), { signal });
  draw();
}
