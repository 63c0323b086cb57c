/** The page's title, with the number of unread messages before it. */

import { short } from "./dom.js";
import { nextFrame } from "./gather.js";
import { phrase } from "./phrases.js";

/**
 * @param {import("./store.js").Store} store
 * @param {string|undefined} room the slug of the shown room
 */
export function keepTitle(store, room) {
  const site = document.querySelector(".brand span").textContent;
  const draw = () => {
    const name = store.rooms.get(room)?.name;
    const title = name ? `${name} · ${site}` : site;
    document.title = store.unread ? phrase("title_unread", { count: short(store.unread), title }) : title;
  };
  store.on("rooms", nextFrame(draw).ask);
  draw();
}
