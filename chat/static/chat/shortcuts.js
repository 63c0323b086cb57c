/** The keys that work everywhere on the page. Pure. The dialog `#keys-dialog` lists them for people. */

/**
 * @typedef {"switcher" | "search" | "keys" | "previous" | "next" | "previous-unread" | "next-unread"} Action
 *
 * @typedef {Pick<KeyboardEvent, "key" | "keyCode" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "isComposing">} Pressed
 *   what is used of the event of a key
 */

/** `keyCode` of a key that an input method handles (UI Events, "keyCode"): Safari has no `isComposing` for Enter. */
const COMPOSING = 229;

/** Whether the keys of this machine are those of Apple: ⌘ takes the place of Ctrl. */
export const isMac = () => /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? "");

/** Whether an input method handles this key. @param {Pick<KeyboardEvent, "isComposing" | "keyCode">} event */
export const isComposing = (event) => event.isComposing || event.keyCode === COMPOSING;

/**
 * What a key does. Nothing while an input method composes: then the keys are for it.
 * @param {Pressed} event
 * @param {object} place
 * @param {boolean} place.isMac whether the command key takes the place of Ctrl, which edits text there
 * @param {boolean} place.isTyping whether the key would change a text
 * @param {boolean} [place.hasComposer] whether letters that are typed anywhere go to a composer
 * @returns {Action | null}
 */
export function shortcutOf(event, { isMac, isTyping, hasComposer = false }) {
  if (isComposing(event)) return null;
  const { altKey, ctrlKey, metaKey, shiftKey, key } = event;
  const isCommand = isMac ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  // Alt with Ctrl is how some systems report AltGr, which types signs.
  if (isCommand && !altKey && key.toLowerCase() === "k" && !shiftKey) return "switcher";
  if (isCommand && !altKey && key.toLowerCase() === "f" && shiftKey) return "search";
  // On some keyboards "/" needs Shift.
  if (isCommand && !altKey && key === "/") return "keys";
  if (ctrlKey || metaKey) return null;
  if (altKey && key === "ArrowUp") return shiftKey ? "previous-unread" : "previous";
  if (altKey && key === "ArrowDown") return shiftKey ? "next-unread" : "next";
  if (key === "/" && !altKey && !isTyping && !hasComposer) return "search";
  return key === "?" && !isTyping ? "keys" : null;
}

/**
 * The room before or after another one in a list. The list is a ring.
 * @template Room
 * @param {readonly Room[]} rooms
 * @param {Room | undefined} from one of them; without it the search begins at an end of the list
 * @param {1 | -1} step
 * @param {(room: Room) => boolean} [isWanted]
 * @returns {Room | undefined} undefined when there is no other one
 */
export function roomBeside(rooms, from, step, isWanted = () => true) {
  const at = from === undefined ? -1 : rooms.indexOf(from);
  const order = step > 0 ? rooms : [...rooms].reverse();
  const first = at < 0 ? 0 : step > 0 ? at + 1 : rooms.length - at;
  return [...order.slice(first), ...order.slice(0, first)].find((room) => room !== from && isWanted(room));
}
