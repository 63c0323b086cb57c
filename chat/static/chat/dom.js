/** Small things for elements. Text goes in as text; HTML only where the server sanitised it. */

const HUES = 12;

/** @param {string} id @returns {HTMLElement} a copy of a template's first element */
export function fromTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** Show or hide. @param {HTMLElement|null} element @param {boolean} shown */
export function show(element, shown) {
  if (element) element.hidden = !shown;
}

/** Set an element's text, only if it is another: what is unchanged is neither drawn nor read out again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A count that stays narrow. @param {number} count */
export function short(count) {
  return count > 99 ? "99+" : String(count);
}

/**
 * Draw a person's avatar: their picture, or their initials on a colour that is always theirs.
 * @param {HTMLElement} element
 * @param {{key: string, name: string, picture?: string|null}} person
 */
export function drawAvatar(element, { key, name, picture = null }) {
  element.classList.add(`hue-${hash(key) % HUES}`);
  if (picture) {
    const image = document.createElement("img");
    image.src = picture;
    image.alt = "";
    image.loading = "lazy";
    element.replaceChildren(image);
  } else {
    element.textContent = initials(name);
  }
}

function initials(name) {
  const words = name.split(/[\s._+@-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[1]].map((word) => [...word][0]) : [[...(words[0] ?? "?")][0]];
  return letters.join("").toLocaleUpperCase();
}

/** FNV-1a, 32 bits. */
function hash(text) {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
