/** Draws an entry of the quick switcher. */

import { drawAvatar, find, fromTemplate, setText, show } from "../dom.js";
import { personKey } from "../senders.js";
import { drawBadge } from "./badge.js";

/**
 * @import { Navigation } from "../navigation.js"
 * @import { Entry } from "../switcher_candidates.js"
 * @import { Found } from "../switcher_entries.js"
 */

/** @param {Entry & Found} entry @param {number} at its place @param {Navigation} navigation */
export function makeOption(entry, at, navigation) {
  const option = fromTemplate("switcher-option-template");
  option.id = `switcher-option-${at}`;
  option.dataset.key = entry.key;
  option.dataset.kind = entry.kind;
  if (entry.slug && option instanceof HTMLAnchorElement) option.href = navigation.pathOf(entry.slug);
  const avatar = find(option, ".avatar");
  const { person } = entry;
  show(avatar, person !== undefined);
  if (person) {
    drawAvatar(avatar, { key: personKey({ user: person, guest: null }), name: person.name, picture: person.avatar });
  }
  find(option, ".switcher-name").append(...marked(entry));
  setText(find(option, ".switcher-detail"), entry.detail);
  if (entry.state) drawBadge(find(option, ".unread"), entry.state);
  return option;
}

/** The name, with what was matched marked. @param {Entry & Found} entry @returns {(Node | string)[]} */
function marked({ name, ranges }) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let from = 0;
  for (const [start, end] of ranges) {
    const mark = Object.assign(document.createElement("mark"), { textContent: name.slice(start, end) });
    parts.push(name.slice(from, start), mark);
    from = end;
  }
  return [...parts, name.slice(from)];
}
