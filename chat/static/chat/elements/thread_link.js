/** The line below a message that begins a thread: faces of those who replied, how many replies, and the last one. */

import { sinceTime } from "../dates.js";
import { drawAvatar, find, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";

/**
 * @import { Store } from "../store.js"
 * @import { ThreadSummary } from "../wire.d.ts"
 */

/** @param {HTMLElement} link @param {ThreadSummary} replies @param {Store} store @param {boolean} isUnread for the reader */
export function drawThreadLink(link, { count, last_at: lastAt, people: ids }, { people }, isUnread) {
  const faces = ids.map((id) => {
    const face = fromTemplate("thread-face-template");
    const name = people.name({ id, name: "" });
    drawAvatar(face, { key: `u:${id}`, name, picture: people.get(id)?.avatar ?? null });
    face.title = name;
    return face;
  });
  find(link, ".thread-faces").replaceChildren(...faces);
  setText(find(link, ".thread-count"), repliesText(count));
  link.classList.toggle("is-unread", isUnread);
  show(find(link, ".thread-new"), isUnread);
  setText(find(link, ".thread-last"), phrase("thread_last", { time: sinceTime(new Date(lastAt)) }));
  link.tabIndex = -1;
}

/** @param {number} count of replies */
export function repliesText(count) {
  return count === 1 ? phrase("reply_one") : phrase("reply_many", { count });
}
