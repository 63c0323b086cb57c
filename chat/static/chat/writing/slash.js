/** Texts that are commands: `/topic Tea at five`. Pure; what each command does is in slash_commands.js. */

/**
 * @typedef {object} Slash
 * @property {string} name in lower case
 * @property {string} text after the name
 */

const COMMAND = /^\/([a-z]+)(?:[^\S\n]+|(?=\n)|$)([\s\S]*)$/i;

/**
 * The command that a text is; null for a text to send. `//` at the beginning means a message that begins with `/`.
 * @param {string} body
 * @returns {Slash | null}
 */
export function parseSlash(body) {
  const [, name, text = ""] = COMMAND.exec(body) ?? [];
  return name ? { name: name.toLowerCase(), text: text.trim() } : null;
}

/** The message to send for a text that is no command. `/me` is not a command there, either. @param {string} body */
export function withoutEscape(body) {
  if (/^\/\/me\b/i.test(body)) return `\\${body.slice(1)}`;
  return /^\/\/[a-z]/i.test(body) ? body.slice(1) : body;
}

/**
 * The message for `/me`, about what a person does. The server marks it if it is one paragraph
 * (chat/domain/markdown/actions.py); the text stays what was written, so that it can be edited.
 * @param {string} text
 */
export function asAction(text) {
  return `/me ${text.replace(/\s*\n\s*/g, "\n")}`;
}

/** What a text says that its author does, or null if it is no action. @param {string} text */
export function actionIn(text) {
  return /^\/me[^\S\n]+(\S[^]*)$/.exec(text)?.[1] ?? null;
}

/** The message for `/shrug`. @param {string} text */
export function withShrug(text) {
  return `${text} ¯\\_(ツ)_/¯`.trim();
}

/** The handles at the beginning of a text, with or without `@`, and what follows them. @param {string} text */
export function handlesIn(text) {
  const handles = [];
  let rest = text;
  for (let found; (found = /^[@＠]([^\s,@]+)[\s,]*/.exec(rest)); rest = rest.slice(found[0].length)) handles.push(found[1] ?? "");
  return { handles, rest };
}
