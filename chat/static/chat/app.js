/** Where a page starts: takes its data, opens the connection, and wires the elements that are on it. */

import { drawAvatar } from "./dom.js";
import { RoomList } from "./elements/room_list.js";
import { StatusBanner } from "./elements/status.js";
import { personKey, socketUrl } from "./protocol.js";
import { RoomPage } from "./room_page.js";
import { Connection } from "./socket.js";
import { Store } from "./store.js";
import { keepTitle } from "./title.js";

const page = JSON.parse(document.getElementById("page-data").textContent);
const store = new Store();
const connection = new Connection(socketUrl(location, page.urls.socket));

// The page's data and the socket's frames go the same way.
store.apply(page.welcome);
if (page.open) store.applyOpen(page.open);
connection.on("frame", (frame) => store.apply(frame));

for (const avatar of document.querySelectorAll(".account .avatar")) drawAvatar(avatar, avatar.dataset);
new RoomList(store, page.urls.room);
new StatusBanner(connection);
keepTitle(store, page.open?.room);
if (page.open) new RoomPage(page, store, connection);

const me = personKey(store.you);
store.on("you", () => {
  // Someone signed in or out in another tab: this page was made for another person.
  if (personKey(store.you) !== me) location.reload();
});
connection.on("signed-out", () => {
  connection.stop();
  if (store.you.user) location.assign(`${page.urls.login}?next=${encodeURIComponent(location.pathname)}`);
  else location.reload();
});

window.addEventListener("online", () => connection.wake());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && connection.wake());
// A page with an open socket is not kept for the way back; one without is.
window.addEventListener("pagehide", () => connection.stop());
window.addEventListener("pageshow", ({ persisted }) => persisted && connection.start());
document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  const menu = key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
connection.start();
