/** Fingers on a list of messages: a tap, or a press that lasts. A swipe scrolls, and is neither. */

const LONG_PRESS_MS = 450;
const STILL_PX = 10;
/** A tap on these is theirs. */
const USABLE = "a, button, input, textarea, summary";

/**
 * Call `found` with the element under the finger, once for each tap or long press.
 * A long press on a link is left to the browser: its menu opens and copies links.
 * @param {HTMLElement} area
 * @param {(target: Element) => void} found
 */
export function onTouch(area, found) {
  let finger = null;
  let timer = null;
  // A long press was answered: the click and the menu that may follow it are not.
  let done = false;

  const forget = () => {
    clearTimeout(timer);
    timer = null;
  };
  const press = (target) => {
    forget();
    done = true;
    found(target);
  };

  area.addEventListener("pointerdown", ({ pointerType, isPrimary, target, clientX: x, clientY: y }) => {
    forget();
    finger = pointerType === "touch" ? { x, y } : null;
    done = false;
    if (finger && isPrimary && !target.closest("a")) timer = setTimeout(() => press(target), LONG_PRESS_MS);
  });
  area.addEventListener("pointermove", ({ clientX: x, clientY: y }) => {
    if (finger && Math.hypot(x - finger.x, y - finger.y) > STILL_PX) forget();
  });
  // A scroll that begins cancels the pointer.
  for (const type of ["pointerup", "pointercancel"]) area.addEventListener(type, forget);
  area.addEventListener("contextmenu", (event) => {
    if (!finger || event.target.closest("a")) return;
    event.preventDefault();
    if (!done) press(event.target);
  });
  const clicked = (event) => {
    if (!finger) return;
    if (done) event.stopPropagation();
    if (done) event.preventDefault();
    else if (!event.target.closest(USABLE) && getSelection().isCollapsed) found(event.target);
  };
  area.addEventListener("click", clicked, true);
}
