/** Addresses of rooms and messages, made from the templates in the page's data. */

/** @import { Addresses } from "./wire.d.ts" */

/** @param {Addresses} urls @param {string} slug */
export function roomUrl({ room }, slug) {
  return room.replace("__slug__", encodeURIComponent(slug));
}

/** The permalink of a message. @param {Addresses} urls @param {string} slug of its room @param {number} id */
export function messageUrl(urls, slug, id) {
  return `${roomUrl(urls, slug)}${id}/`;
}
