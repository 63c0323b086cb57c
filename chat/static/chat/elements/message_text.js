/** The text of a message without its Markdown, for places that show a part of it. */

const EXCERPT_CHARS = 140;
/** In the place of a spoiler, as in chat/domain/quotes.py. */
const HIDDEN = "▒▒▒";

/**
 * @param {{text: string, html?: string | null}} message a message, or a quote, which has no `html`
 * @returns {string} its plain text
 */
export function plainText({ html, text }) {
  if (!html) return text;
  // A parsed document is inert: nothing in it loads or runs.
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const spoiler of body.querySelectorAll(".spoiler")) spoiler.textContent = HIDDEN;
  for (const box of body.querySelectorAll(".task-box")) box.replaceWith(box.hasAttribute("checked") ? "☑" : "☐");
  for (const emoji of body.querySelectorAll("img")) emoji.replaceWith(emoji.alt);
  return (body.textContent ?? "").trim();
}

/**
 * The beginning of a message on one line; the names of its files, if it has no text.
 * @param {{text: string, html?: string | null, attachments?: {name: string}[]}} message
 */
export function excerpt(message) {
  const text = plainText(message) || (message.attachments ?? []).map(({ name }) => name).join(", ");
  // Four times as many: white space is removed, and a character may take two UTF-16 units.
  const line = text
    .slice(0, EXCERPT_CHARS * 4)
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  return characters.length > EXCERPT_CHARS ? `${characters.slice(0, EXCERPT_CHARS).join("")}…` : line;
}
