/** The buttons for the actions on messages, in the toolbar, its menu and the sheet of touch screens. */

import { find, fromTemplate, setText } from "../dom.js";
import { MESSAGE_ACTIONS } from "../message_actions.js";
import { phrase } from "../phrases.js";

/** @import { MessageAction } from "../message_actions.js" */

/** Those that buttons offer. */
const OFFERED = MESSAGE_ACTIONS.filter(({ icon }) => icon);

/** The buttons of the toolbar. */
export function toolbarButtons() {
  return OFFERED.filter(({ inBar }) => inBar).map((action) => {
    const button = fromTemplate("action-button-template");
    draw(button, action);
    const label = labelOf(action);
    button.title = action.key ? phrase("action_with_key", { action: label, key: keyName(action.key) }) : label;
    return button;
  });
}

/** The items of the toolbar's menu. */
export function menuItems() {
  return OFFERED.filter(({ inBar }) => !inBar).map((action) => {
    const item = fromTemplate("action-item-template");
    draw(item, action);
    if (action.key) find(item, "kbd").textContent = keyName(action.key);
    else find(item, "kbd").remove();
    return item;
  });
}

/** The buttons of the sheet. It has a row of emoji instead of the first action. */
export function sheetButtons() {
  return OFFERED.filter(({ name }) => name !== "react").map((action) => {
    const button = fromTemplate("action-row-template");
    draw(button, action);
    button.dataset.needs = action.name;
    return button;
  });
}

/** @param {HTMLElement} element @param {MessageAction} action */
function draw(element, action) {
  const { icon = "", isDanger = false, name } = action;
  element.dataset.action = name;
  element.classList.toggle("danger", isDanger);
  find(element, "use", SVGElement).setAttribute("href", icon);
  setText(find(element, ".action-label"), labelOf(action));
}

/** @param {MessageAction} action */
function labelOf({ name }) {
  return phrase(`action_${name}`);
}

/** How a key is called on its keycap. @param {string} key */
function keyName(key) {
  return key === "Delete" ? phrase("key_delete") : key.toUpperCase();
}
