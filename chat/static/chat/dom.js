/** Helpers for elements. Text is inserted as text; HTML only where the server has sanitised it. */

/** As many as avatar.css has classes `hue-…`. */
const HUES = 12;

/**
 * The one element with an id. A module is loaded only by pages that have its elements, so a missing one is a fault.
 * @template {Element} [Type=HTMLElement]
 * @param {string} id
 * @param {new () => Type} [type]
 * @returns {Type}
 * @throws {TypeError} there is none of this type
 */
export function byId(id, type) {
  return ofType(document.getElementById(id), type, `#${id}`);
}

/**
 * The first element in `root` that a selector matches. For one that may be missing, use `findOptional`.
 * @template {Element} [Type=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Type} [type]
 * @returns {Type}
 * @throws {TypeError} there is none of this type
 */
export function find(root, selector, type) {
  return ofType(root.querySelector(selector), type, selector);
}

/**
 * The first element in `root` that a selector matches, if there is one.
 * @template {Element} [Type=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Type} [type]
 * @returns {Type | null}
 * @throws {TypeError} it has another type
 */
export function findOptional(root, selector, type) {
  const element = root.querySelector(selector);
  return element && ofType(element, type, selector);
}

/**
 * All elements in `root` that a selector matches.
 * @template {Element} [Type=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Type} [type]
 * @returns {Type[]}
 * @throws {TypeError} one has another type
 */
export function findAll(root, selector, type) {
  return [...root.querySelectorAll(selector)].map((element) => ofType(element, type, selector));
}

/**
 * The element that an event came from, or the nearest around it that a selector matches.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function closest({ target }, selector) {
  return target instanceof Element ? target.closest(selector) : null;
}

/**
 * @param {string} id of a template
 * @returns {HTMLElement} a copy of its first element
 */
export function fromTemplate(id) {
  const { firstElementChild } = byId(id, HTMLTemplateElement).content;
  return ofType(/** @type {Element | null} */ (firstElementChild?.cloneNode(true) ?? null), HTMLElement, `#${id} > *`);
}

/** Show a dialog from its beginning: the button that gets the focus may be at its end. @param {HTMLDialogElement} dialog */
export function showModal(dialog) {
  dialog.showModal();
  dialog.scrollTop = 0;
}

/** Show or hide. @param {HTMLElement | null} element @param {boolean} isShown */
export function show(element, isShown) {
  if (element) element.hidden = !isShown;
}

/**
 * Set an element's text, only if it differs: unchanged text is neither drawn nor read out again.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Make these items the children of a list, in this order. Only items whose place changed are moved, because an element
 * that is moved loses the focus.
 * @param {Element} list
 * @param {Element[]} items
 */
export function placeChildren(list, items) {
  items.forEach((item, at) => {
    const present = list.children[at] ?? null;
    if (present !== item) list.insertBefore(item, present);
  });
  while (list.children.length > items.length) list.lastElementChild?.remove();
}

/** A count of at most three characters. @param {number} count */
export function shortCount(count) {
  return count > 99 ? "99+" : String(count);
}

/**
 * Draw a person's avatar: their picture, or their initials on a colour that is always the same for them. An element
 * stays that of one person: its colour is not removed again.
 * @param {HTMLElement} element
 * @param {{key?: string, name?: string, picture?: string | null}} person `key` is that of senders.js
 */
export function drawAvatar(element, { key = "", name = "", picture = null }) {
  element.classList.add(`hue-${hash(key) % HUES}`);
  const shown = picture ?? initials(name);
  if (element.dataset.shown === shown) return;
  element.dataset.shown = shown;
  if (!picture) return void (element.textContent = shown);
  const image = document.createElement("img");
  // A picture that cannot be loaded: the person has another one by now, or may no longer be seen.
  image.addEventListener("error", () => image.parentElement === element && (element.textContent = initials(name)));
  image.alt = "";
  image.loading = "lazy";
  image.src = picture;
  element.replaceChildren(image);
}

/** @param {string} name */
function initials(name) {
  const words = name.split(/[\s._+@-]+/).filter(Boolean);
  const letters = words.slice(0, 2).map(([letter]) => letter);
  return (letters.join("") || "?").toLocaleUpperCase();
}

/** FNV-1a, 32 bits. @param {string} text */
function hash(text) {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

/**
 * @template {Element} [Type=HTMLElement]
 * @param {Element | null} element
 * @param {(new () => Type) | undefined} type
 * @param {string} name for the error
 * @returns {Type}
 */
function ofType(element, type, name) {
  const expected = type ?? HTMLElement;
  if (!element) throw new TypeError(`${name}: not found`);
  if (!(element instanceof expected)) throw new TypeError(`${name} is not a ${expected.name}`);
  return /** @type {Type} */ (element);
}
