/** The page's texts in the reader's language, from the template `#phrases`. */

/** @type {Map<string, string>} */
const texts = new Map();
const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("phrases"));
/** @type {Iterable<HTMLElement>} */
const lines = template?.content.querySelectorAll("[data-name]") ?? [];
for (const line of lines) texts.set(line.dataset.name ?? "", line.textContent ?? "");

/**
 * @param {string} name of a phrase in templates/chat/phrases/
 * @param {Record<string, string | number | undefined>} [values] for the names in braces
 * @returns {string}
 */
export function phrase(name, values = {}) {
  const text = texts.get(name) ?? name;
  return text.replace(/\{(\w+)\}/g, (_, /** @type {string} */ key) => String(values[key] ?? ""));
}
