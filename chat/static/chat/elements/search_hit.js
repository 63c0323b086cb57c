/** One message that a search has found: who wrote it, when, what was found, its files, and on demand what is beside it. */

import { fullTime, momentText } from "../dates.js";
import { drawAvatar, find, findOptional, fromTemplate, setText, show } from "../dom.js";
import { extensionOf, sizeText } from "../files/kinds.js";
import { madeUrl } from "../files/addresses.js";
import { CommandError, command } from "../protocol.js";
import { personKey, senderOf } from "../senders.js";
import { messageUrl } from "../urls.js";
import { isCovered } from "./attachment_picture.js";
import { drawIcon } from "./attachment_row.js";
import { excerpt } from "./message_text.js";

/**
 * @import { Connection } from "../socket.js"
 * @import { Store } from "../store.js"
 * @import { Addresses, FoundFile, Message, SearchHit } from "../wire.d.ts"
 *
 * @typedef {{store: Store, connection: Connection, urls: Addresses}} HitContext
 */

const AROUND = 5;
const THREAD_AROUND = 100;

/** @param {SearchHit} hit @param {HitContext} context @returns {HTMLElement} */
export function makeHit(hit, { store, urls }) {
  const item = fromTemplate("search-hit-template");
  const link = find(item, ".search-hit-link", HTMLAnchorElement);
  link.href = messageUrl(urls, hit.room, hit.id);
  item.dataset.hit = String(hit.id);
  const sender = { user: hit.author, guest: hit.guest };
  const name = store.people.nameOf(sender);
  const picture = store.people.pictureOf(sender) ?? hit.author?.avatar ?? null;
  drawAvatar(find(item, ".avatar"), { key: personKey(sender), name, picture });
  setText(find(item, ".search-hit-from"), name);
  const time = find(item, "time", HTMLTimeElement);
  const at = new Date(hit.at);
  time.dateTime = hit.at;
  time.title = fullTime(at);
  setText(time, momentText(at));
  show(find(item, ".search-hit-thread"), hit.thread !== null);
  const text = find(item, ".search-hit-text");
  text.append(...hit.fragments.flatMap((parts) => [...marked(parts), " "]));
  show(text, text.textContent?.trim() !== "");
  find(item, ".search-hit-files").append(...hit.files.map((found) => makeFile(found, urls)));
  return item;
}

/**
 * The nodes of a text in parts, of which every second one is marked. Text goes in as text.
 * @param {string[]} parts
 * @returns {(Node | string)[]}
 */
export function marked(parts) {
  return parts.map((text, place) =>
    place % 2 ? Object.assign(document.createElement("mark"), { textContent: text }) : text,
  );
}

/** @param {FoundFile} found @param {Addresses} urls */
function makeFile({ file, name, fragments }, urls) {
  const element = fromTemplate("search-file-template");
  drawIcon(element, file);
  if (file.thumbs.includes("thumb-360") && !isCovered(file)) {
    const image = Object.assign(new Image(), { loading: "lazy", alt: "", src: madeUrl(urls, file, "thumb-360.webp") });
    find(element, ".file-icon").replaceChildren(image);
  }
  find(element, ".search-file-name").append(...marked(name));
  setText(find(element, "small"), [extensionOf(file.name), sizeText(file.size)].filter(Boolean).join(" · "));
  find(element, ".search-file-text").append(...fragments.flatMap((parts) => [...marked(parts), " "]));
  return element;
}

/**
 * Show the messages before and after a hit, or hide them.
 * @param {HTMLElement} item
 * @param {SearchHit} hit
 * @param {HitContext} context
 * @param {boolean} isShown
 */
export async function showAround(item, hit, context, isShown) {
  const button = find(item, ".search-around-button");
  if ((button.getAttribute("aria-expanded") === "true") === isShown) return;
  button.setAttribute("aria-expanded", String(isShown));
  for (const line of item.querySelectorAll(".search-line")) line.remove();
  if (!isShown) return;
  try {
    const { before, after } = await neighbours(hit, context);
    if (button.getAttribute("aria-expanded") !== "true" || findOptional(item, ".search-line")) return;
    if (before) item.prepend(makeLine(before, context, "before"));
    if (after) item.append(makeLine(after, context, "after"));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    button.setAttribute("aria-expanded", "false");
  }
}

/** @param {SearchHit} hit @param {HitContext} context @returns {Promise<{before?: Message, after?: Message}>} */
async function neighbours({ id, in_room: isInRoom, room, seq }, { connection }) {
  await connection.whenOnline();
  /** @type {Message[]} */
  let messages;
  if (isInRoom) {
    messages = (await connection.request(command.history(room, { around: seq }, AROUND))).messages;
  } else {
    const { root, replies } = await connection.request(command.thread(id, { limit: THREAD_AROUND }));
    messages = [root, ...replies];
  }
  const others = messages.filter((message) => !message.deleted);
  return { before: others.findLast((each) => each.seq < seq), after: others.find((each) => each.seq > seq) };
}

/** @param {Message} message @param {HitContext} context @param {"before" | "after"} place */
function makeLine(message, { store }, place) {
  const line = fromTemplate("search-line-template");
  line.dataset.place = place;
  setText(find(line, "b"), store.people.nameOf(senderOf(message)));
  setText(find(line, "span"), excerpt(message));
  return line;
}
