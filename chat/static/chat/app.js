/** Where a page starts: takes its data, makes the shell, and handles what happens to the page itself. */

import { goToDirectRoom, openDirectRoom } from "./direct_room.js";
import { byId, drawAvatar, find, findAll, findOptional, setText } from "./dom.js";
import { setUpActionForm } from "./elements/action_form.js";
import { openDirectDialog } from "./elements/direct_dialog.js";
import { KeptLinks } from "./elements/kept_links.js";
import { Overview } from "./elements/overview.js";
import { OverviewLinks } from "./elements/overview_links.js";
import { PersonCard } from "./elements/person_card.js";
import { openRoomDialogs } from "./elements/room_dialogs.js";
import { Shortcuts } from "./elements/shortcuts.js";
import { Switcher } from "./elements/switcher.js";
import { forgetRoom } from "./last_room.js";
import { Navigation, followLinks } from "./navigation.js";
import { phrase } from "./phrases.js";
import { Places } from "./places.js";
import { keepsCookies, mayReload } from "./reload_guard.js";
import { othersIn } from "./room_names.js";
import { personKey } from "./senders.js";
import { Shell } from "./shell.js";
import { clearStaleStorage, clearStorage } from "./storage_keys.js";
import { removeUnwantedFiles } from "./uploads/tab_uploads.js";
import { useZone } from "./zones.js";

/** @import { PageData } from "./wire.d.ts" */

/** @type {PageData} */
const page = JSON.parse(byId("page-data", HTMLScriptElement).text);
useZone(page.time_zone);
/** For tests. */
export const shell = new Shell(page);
const { tab } = shell;
const navigation = new Navigation(shell, new Places(page.urls, location.origin), window);
followLinks(navigation);
shell.setNavigation(navigation);
const switcher = new Switcher({
  store: tab.store,
  connection: tab.connection,
  navigation,
  recent: tab.recent,
  current: () => shell.room,
  goToPerson: (person) => goToDirectRoom(tab, navigation, [person]),
  search: (query) => openSearch(query),
});
tab.targets.pick = (title) => switcher.pick(title);
new Shortcuts(shell, navigation, switcher, () => openSearch());
for (const link of findAll(document, "[data-open-search]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openSearch();
  });
}
const { connection, heartbeat, owner, store } = tab;
const storages = [tab.storage, tab.tabStorage];

drawAccount();
store.on("people", drawAccount);

new OverviewLinks(document, store, tab.saved);
new KeptLinks(document, shell);
tab.saved.on("due", () => {
  const run = () => location.assign(page.urls.saved);
  tab.notice.inform(phrase("reminder_due"), { label: phrase("show"), run });
});
const overview = findOptional(document, ".overview");
if (overview) {
  const list = new Overview(overview, store);
  // The pages of drafts and of scheduled messages.
  if (overview.dataset.list === "drafts") tab.drafts.on("change", () => list.reload());
  if (overview.dataset.list === "threads") store.on("more-replies", () => list.reload());
  if (overview.dataset.list === "scheduled") store.on("scheduled", () => list.reload());
}

store.on("you", () => personKey(store.you) !== owner && reloadForAnotherPerson());
connection.on("signed-out", () => {
  connection.stop();
  if (store.you.user) location.assign(`${page.urls.login}?next=${encodeURIComponent(location.pathname)}`);
  else reloadForAnotherPerson();
});

/** Show the search, with what was asked last. @param {string} [query] what to search for instead */
function openSearch(query) {
  if (query === undefined && shell.focusSearch()) return;
  const { search } = tab;
  const path = query === undefined ? search.address : `${page.urls.search}?${new URLSearchParams({ q: query })}`;
  if (!navigation.follow(path)) location.assign(path);
}

/** The reader's own name and picture. */
function drawAccount() {
  const { people, you } = store;
  const name = people.nameOf(you);
  drawAvatar(find(document, ".account .avatar"), { key: owner, name, picture: people.pictureOf(you) });
  setText(find(document, ".my-name"), name);
}

/** The page was made for another person: load it again, unless that would never end. */
function reloadForAnotherPerson() {
  if (keepsCookies(document) && mayReload(history, Date.now())) return location.reload();
  // The event comes before the connection is online: it is stopped after that.
  queueMicrotask(() => connection.stop());
  tab.status.showFinal(phrase("cookies_needed"));
}

// After these events a connection may be dead, or may work again.
for (const name of ["online", "offline", "pageshow"]) window.addEventListener(name, () => heartbeat.check());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && heartbeat.check());
// Browsers do not keep a page with an open socket for the way back.
window.addEventListener("pagehide", () => {
  tab.drafts.flush();
  connection.stop();
});
window.addEventListener("pageshow", ({ persisted }) => persisted && connection.start());

/** @returns {HTMLDetailsElement[]} */
const openMenus = () => findAll(document, "details.menu[open]", HTMLDetailsElement);
document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(/** @type {Node} */ (target))) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  const [menu] = openMenus();
  if (key !== "Escape" || !menu) return;
  menu.open = false;
  find(menu, "summary").focus();
});

new PersonCard(byId("person-card", HTMLDialogElement), shell, (person) => goToDirectRoom(tab, navigation, [person]));
openRoomDialogs({ store, connection, notice: tab.notice, urls: page.urls }, shell.goToRoom);
if (store.you.user) {
  openDirectDialog(connection, {
    othersIn: (room) => othersIn(store.rooms.get(room) ?? { people: [] }, store.you),
    openRoom: (people) => openDirectRoom(tab, navigation, people),
  });
}
const forgetPerson = () => {
  for (const each of storages) clearStorage(each, owner);
};
setUpActionForm(() => {
  forgetRoom();
  forgetPerson();
  removeUnwantedFiles(tab.storage);
  // Once more at the end: an answer of the server may arrive and be stored until then.
  window.addEventListener("pagehide", forgetPerson, { once: true });
});
for (const each of storages) clearStaleStorage(each, owner);
connection.start();
