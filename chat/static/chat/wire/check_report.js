/** The results of the connection doctor as text, for an administrator. */

/**
 * @typedef {object} Line a result in words
 * @property {string} title
 * @property {string} outcome a word
 * @property {string} sentence
 * @property {string} advice empty if there is nothing to change
 *
 * @typedef {{heading: string, lines: readonly Line[]}} Group
 */

/**
 * @param {readonly string[]} head lines about the site and the browser
 * @param {readonly Group[]} groups
 * @returns {string}
 */
export function reportText(head, groups) {
  const width = Math.max(0, ...groups.flatMap(({ lines }) => lines.map(({ outcome }) => outcome.length)));
  const blocks = groups.filter(({ lines }) => lines.length > 0).map(({ heading, lines }) => [heading, ...lines.flatMap((line) => format(line, width))]);
  return [head, ...blocks].map((block) => block.join("\n")).join("\n\n") + "\n";
}

/** @param {Line} line @param {number} width */
function format({ outcome, title, sentence, advice }, width) {
  const lines = [`${outcome.padEnd(width)}  ${title}: ${sentence}`];
  if (advice) lines.push(`${" ".repeat(width)}  → ${advice}`);
  return lines;
}
