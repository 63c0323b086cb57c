/** Recognises a tap and a long press of a finger on a list of messages. A swipe scrolls, and is neither. */

import { closest } from "../dom.js";
import { Timer } from "../timer.js";

const LONG_PRESS_MS = 450;
const STILL_PX = 10;
/** These handle their own taps. */
const USABLE = "a, button, video, audio, input, textarea, summary, [data-person], .spoiler:not(.open)";

/**
 * Call `touched` with the element under the finger, once for each tap or long press.
 * A long press on a link is left to the browser: its menu opens and copies links.
 * @param {HTMLElement} area
 * @param {(target: Element) => void} touched
 * @param {AbortSignal} signal
 */
export function onTouch(area, touched, signal) {
  /** @type {{x: number, y: number} | null} where the finger came down */
  let finger = null;
  /** @type {Element | null} */
  let pressed = null;
  // After a long press, the click and the menu that may follow it are ignored.
  let isDone = false;

  /** @param {Element} target */
  const press = (target) => {
    timer.stop();
    isDone = true;
    touched(target);
  };
  const timer = new Timer(() => pressed && press(pressed), signal);

  /** @param {PointerEvent} event */
  const down = (event) => {
    timer.stop();
    finger = event.pointerType === "touch" ? { x: event.clientX, y: event.clientY } : null;
    pressed = event.target instanceof Element ? event.target : null;
    isDone = false;
    if (finger && event.isPrimary && !closest(event, "a")) timer.start(LONG_PRESS_MS);
  };
  /** @param {PointerEvent} event */
  const move = ({ clientX, clientY }) => {
    if (finger && Math.hypot(clientX - finger.x, clientY - finger.y) > STILL_PX) timer.stop();
  };
  /** @param {MouseEvent} event */
  const menu = (event) => {
    if (!finger || closest(event, "a")) return;
    event.preventDefault();
    if (!isDone && event.target instanceof Element) press(event.target);
  };
  /** @param {MouseEvent} event */
  const click = (event) => {
    if (!finger) return;
    if (isDone) {
      event.stopPropagation();
      event.preventDefault();
    } else if (event.target instanceof Element && !closest(event, USABLE) && getSelection()?.isCollapsed) {
      touched(event.target);
    }
  };

  area.addEventListener("pointerdown", down, { signal });
  area.addEventListener("pointermove", move, { signal });
  area.addEventListener("pointerup", () => timer.stop(), { signal });
  // A scroll that begins cancels the pointer.
  area.addEventListener("pointercancel", () => timer.stop(), { signal });
  area.addEventListener("contextmenu", menu, { signal });
  area.addEventListener("click", click, { capture: true, signal });
}
