/** Where a page starts: takes its data, opens the connection, and wires the elements that are on it. */

import { storage } from "./browser.js";
import { drawAvatar } from "./dom.js";
import { RoomList } from "./elements/room_list.js";
import { StatusBanner } from "./elements/status.js";
import { Heartbeat } from "./heartbeat.js";
import { forget, forgetStrays } from "./kept.js";
import { phrase } from "./phrases.js";
import { probe } from "./probe.js";
import { personKey, socketUrl } from "./protocol.js";
import { RoomPage } from "./room_page.js";
import { Connection } from "./socket.js";
import { Store } from "./store.js";
import { keepTitle } from "./title.js";
import { keepsCookies, mayReload } from "./visitor.js";

const STORAGES = ["localStorage", "sessionStorage"];
const page = JSON.parse(document.getElementById("page-data").textContent);
const store = new Store();
const connection = new Connection(socketUrl(location, page.urls.socket), { probe: () => probe(page.urls.probe) });
const heartbeat = new Heartbeat(connection);

// The page's data and the socket's frames go the same way.
store.apply(page.welcome);
if (page.open) store.applyOpen(page.open);
connection.on("frame", (frame) => store.apply(frame));

for (const avatar of document.querySelectorAll(".account .avatar")) drawAvatar(avatar, avatar.dataset);
new RoomList(store, page.urls.room);
const banner = new StatusBanner(connection);
keepTitle(store, page.open?.room);
if (page.open) new RoomPage(page, store, connection, heartbeat);

const me = personKey(store.you);
store.on("you", () => personKey(store.you) !== me && becomeAnother());
connection.on("signed-out", () => {
  connection.stop();
  if (store.you.user) location.assign(`${page.urls.login}?next=${encodeURIComponent(location.pathname)}`);
  else becomeAnother();
});

/** This page was made for another person: load it anew, unless that would go on for ever. */
function becomeAnother() {
  if (keepsCookies(document) && mayReload(history, Date.now())) return location.reload();
  // A welcome is told before the connection is online: it is stopped after that.
  queueMicrotask(() => connection.stop());
  banner.sayForGood(phrase("cookies_needed"));
}

// Moments after which a connection may be dead, or may work again.
for (const name of ["online", "offline", "pageshow"]) window.addEventListener(name, () => heartbeat.check());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && heartbeat.check());
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
document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => {
  for (const name of STORAGES) forget(storage(name), me);
});
for (const name of STORAGES) forgetStrays(storage(name), me);
connection.start();
