/**
 * What a person can do with a message: the one table for the toolbar, its menu, the sheet of touch screens, and the keys.
 *
 * To add an action: a row here, its name in permissions.js, its label in phrases/_messages.html, its icon in
 * _icons.html, and what it does in message_commands.js.
 */

import { find, fromTemplate, setText } from "../dom.js";
import { phrase } from "../phrases.js";

/**
 * @typedef {object} MessageAction
 * @property {string} name as in `Choice.action` (actions.js)
 * @property {string} label the name of a phrase
 * @property {string} icon a symbol of _icons.html
 * @property {string} [key] that does it while a message has the keyboard's focus: `KeyboardEvent.key`
 * @property {boolean} [inBar] a button of the toolbar; all others are in its menu
 * @property {boolean} [isDanger]
 */

/** @type {readonly MessageAction[]} in the order of the toolbar, its menu and the sheet */
const MESSAGE_ACTIONS = [
  { name: "react", label: "action_react", icon: "#i-smile", key: "+", inBar: true },
  { name: "reply", label: "action_reply", icon: "#i-reply", key: "r", inBar: true },
  { name: "thread", label: "action_thread", icon: "#i-thread", key: "t", inBar: true },
  { name: "edit", label: "action_edit", icon: "#i-edit", key: "e", inBar: true },
  { name: "save", label: "action_save", icon: "#i-bookmark", key: "s", inBar: true },
  { name: "unsave", label: "action_unsave", icon: "#i-bookmarked", key: "s", inBar: true },
  { name: "remind", label: "action_remind", icon: "#i-bell" },
  { name: "pin", label: "action_pin", icon: "#i-pin", key: "p" },
  { name: "unpin", label: "action_unpin", icon: "#i-unpin", key: "p" },
  { name: "unread", label: "action_unread", icon: "#i-unread", key: "u" },
  { name: "copy", label: "action_copy", icon: "#i-copy" },
  { name: "close_poll", label: "action_close_poll", icon: "#i-check" },
  { name: "link", label: "action_link", icon: "#i-link" },
  { name: "forward", label: "action_forward", icon: "#i-forward" },
  { name: "history", label: "action_history", icon: "#i-history" },
  { name: "report", label: "action_report", icon: "#i-flag" },
  { name: "mute", label: "action_mute", icon: "#i-muted" },
  { name: "ban", label: "action_ban_guest", icon: "#i-ban", isDanger: true },
  { name: "delete", label: "action_delete", icon: "#i-delete", key: "Delete", isDanger: true },
];

/**
 * The action of a key, among those that a message allows. Letters may be typed with Caps Lock.
 * @param {Pick<KeyboardEvent, "key">} event
 * @param {Set<string>} allowed
 * @returns {string | undefined} its name
 */
export function actionOfKey({ key }, allowed) {
  const pressed = key.length === 1 ? key.toLowerCase() : key;
  return MESSAGE_ACTIONS.find((action) => action.key === pressed && allowed.has(action.name))?.name;
}

/** The buttons of the toolbar. */
export function toolbarButtons() {
  return MESSAGE_ACTIONS.filter(({ inBar }) => inBar).map((action) => {
    const button = fromTemplate("action-button-template");
    draw(button, action);
    const label = phrase(action.label);
    button.title = action.key ? phrase("action_with_key", { action: label, key: keyName(action.key) }) : label;
    return button;
  });
}

/** The items of the toolbar's menu. */
export function menuItems() {
  return MESSAGE_ACTIONS.filter(({ inBar }) => !inBar).map((action) => {
    const item = fromTemplate("action-item-template");
    draw(item, action);
    if (action.key) find(item, "kbd").textContent = keyName(action.key);
    else find(item, "kbd").remove();
    return item;
  });
}

/** The buttons of the sheet. It has a row of emoji instead of the first action. */
export function sheetButtons() {
  return MESSAGE_ACTIONS.filter(({ name }) => name !== "react").map((action) => {
    const button = fromTemplate("action-row-template");
    draw(button, action);
    button.dataset.needs = action.name;
    return button;
  });
}

/** @param {HTMLElement} element @param {MessageAction} action */
function draw(element, { name, label, icon, isDanger = false }) {
  element.dataset.action = name;
  element.classList.toggle("danger", isDanger);
  find(element, "use", SVGElement).setAttribute("href", icon);
  setText(find(element, ".action-label"), phrase(label));
}

/** How a key is called on its keycap. @param {string} key */
function keyName(key) {
  return key === "Delete" ? phrase("key_delete") : key.toUpperCase();
}
