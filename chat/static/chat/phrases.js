/** What the page says, in the reader's language: the template `#phrases` holds it. */

const texts = new Map();
for (const line of document.getElementById("phrases")?.content.querySelectorAll("[data-name]") ?? []) {
  texts.set(line.dataset.name, line.textContent);
}

/**
 * @param {string} name of a phrase in templates/chat/_phrases.html
 * @param {Object<string, string|number>} [values] for the names in braces
 * @returns {string}
 */
export function phrase(name, values = {}) {
  return texts.get(name).replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));
}
