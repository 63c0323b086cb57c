/**
 * Makes Markdown of HTML that was copied elsewhere: a page, a document, a table of a spreadsheet. The HTML is parsed into a
 * document that runs no script and loads no picture, and only its text, its links and its structure are read.
 */

/** Longer HTML is pasted as plain text. */
const MAX_HTML = 500_000;
const MAX_NODES = 20_000;
const MAX_DEPTH = 60;
const MAX_COLUMNS = 40;
const IGNORED = new Set(["SCRIPT", "STYLE", "HEAD", "TITLE", "TEMPLATE", "NOSCRIPT", "SVG", "svg", "IFRAME", "OBJECT", "SELECT", "BUTTON", "INPUT", "TEXTAREA"]);
const BLOCKS = new Set(
  "ADDRESS ARTICLE ASIDE BODY BLOCKQUOTE CENTER DD DETAILS DIV DL DT FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION SUMMARY TABLE TBODY TFOOT THEAD TR UL".split(" "),
);
/** What makes HTML more than its text. */
const STRUCTURE = "a[href], b, strong, i, em, del, s, strike, code, pre, ul, ol, table, blockquote, h1, h2, h3, h4, h5, h6, hr, span[data-style]";
const SAFE_LINK = /^(?:https?:\/\/|mailto:)\S+$/i;

/** @typedef {{nodes: number, depth: number}} Budget what may still be read */

/**
 * @param {string} html
 * @returns {string | null} null if it has no structure that Markdown could keep, or too much of it
 */
export function htmlToMarkdown(html) {
  if (html.length > MAX_HTML) return null;
  const { body } = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  if (!body.querySelector(STRUCTURE)) return null;
  try {
    const blocks = blocksOf(body, { nodes: MAX_NODES, depth: MAX_DEPTH });
    return blocks.join("\n\n").replace(/\n{3,}/g, "\n\n").trim() || null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Styles and handlers of events get other names. They have no effect in this document, but the Content-Security-Policy of
 * the page would report them.
 * @param {string} html
 */
function withoutStyles(html) {
  const withoutSheets = html.replace(/<(\/?)style\b/gi, "<$1template");
  return withoutSheets.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s/"'])(style|on[a-z]+)\s*=/gi, "$1 data-$2="));
}

/** @param {Budget} budget */
function spend(budget) {
  budget.nodes -= 1;
  if (budget.nodes < 0) throw new RangeError("too much HTML");
}

/**
 * The blocks of an element: paragraphs, lists, tables.
 * @param {Element} element
 * @param {Budget} budget
 * @returns {string[]}
 */
function blocksOf(element, budget) {
  /** @type {string[]} */
  const blocks = [];
  let line = "";
  const endLine = () => {
    const text = tidy(line);
    if (text) blocks.push(text);
    line = "";
  };
  if (budget.depth <= 0) return [tidy(element.textContent ?? "")].filter(Boolean);
  budget.depth -= 1;
  for (const node of element.childNodes) {
    spend(budget);
    if (isBlock(node)) {
      endLine();
      blocks.push(...blockOf(/** @type {Element} */ (node), budget));
    } else {
      line += inlineOf(node, budget);
    }
  }
  endLine();
  budget.depth += 1;
  return blocks;
}

/** @param {Node} node */
function isBlock(node) {
  if (!(node instanceof Element)) return false;
  if (BLOCKS.has(node.tagName)) return true;
  // Documents of some programs are in one <b>, or have blocks in links.
  return ["A", "B", "SPAN", "FONT", "I", "INS", "U"].includes(node.tagName) && [...node.children].some((each) => BLOCKS.has(each.tagName));
}

/** @param {Element} element @param {Budget} budget @returns {string[]} */
function blockOf(element, budget) {
  const { tagName } = element;
  if (IGNORED.has(tagName)) return [];
  if (tagName === "HR") return ["---"];
  if (tagName === "PRE") return [fenced(element.textContent ?? "")];
  if (tagName === "TABLE") return tableOf(element, budget);
  if (tagName === "UL" || tagName === "OL") return listOf(element, budget);
  const blocks = blocksOf(element, budget);
  if (/^H[1-6]$/.test(tagName)) return blocks.map((block) => `${"#".repeat(Number(tagName[1]))} ${block.replaceAll("\n", " ")}`);
  if (tagName === "BLOCKQUOTE") return blocks.length ? [blocks.join("\n\n").replace(/^/gm, "> ").replace(/^> $/gm, ">")] : [];
  return blocks;
}

/** @param {Element} list @param {Budget} budget @returns {string[]} */
function listOf(list, budget) {
  const first = Number(list.getAttribute("start") ?? 1) || 1;
  const items = [...list.children].flatMap((item, at) => {
    spend(budget);
    const blocks = blockOf(item, budget);
    // Some programs put a list into a list, and not into its item.
    if (item.tagName !== "LI") return blocks.map((block) => block.replace(/^/gm, "  "));
    const mark = list.tagName === "OL" ? `${first + at}. ` : "- ";
    const text = blocks.join("\n").replace(/\n/g, `\n${" ".repeat(mark.length)}`);
    return text ? [mark + text] : [];
  });
  return items.length ? [items.join("\n")] : [];
}

/** A table of GFM. One that only places things on a page is read as blocks. @param {Element} table @param {Budget} budget @returns {string[]} */
function tableOf(table, budget) {
  const rows = [...table.querySelectorAll("tr")].filter((row) => row.closest("table") === table);
  const isLayout = table.querySelector("table") !== null || rows.every(({ children }) => children.length < 2);
  if (isLayout) return rows.flatMap((row) => [...row.children].flatMap((cell) => blocksOf(cell, budget)));
  const cells = rows.map((row) => [...row.children].slice(0, MAX_COLUMNS).map((cell) => cellOf(cell, budget)));
  const written = cells.filter((row) => row.some(Boolean));
  const width = Math.max(...written.map((row) => row.length), 0);
  const [head, ...others] = written;
  if (!head) return [];
  const line = (/** @type {string[]} */ row) => `| ${Array.from({ length: width }, (_, at) => row[at] ?? "").join(" | ")} |`;
  return [[line(head), `|${" --- |".repeat(width)}`, ...others.map(line)].join("\n")];
}

/** @param {Element} cell @param {Budget} budget */
function cellOf(cell, budget) {
  spend(budget);
  return blocksOf(cell, budget).join(" ").replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
}

/** @param {Node} node @param {Budget} budget @returns {string} */
function inlineOf(node, budget) {
  spend(budget);
  if (node instanceof Text) return escape(node.data.replace(/[\s\u200b\ufeff]+/g, " "));
  if (!(node instanceof Element) || IGNORED.has(node.tagName)) return "";
  if (node.tagName === "BR") return "\n";
  if (node.tagName === "IMG") return escape(node.getAttribute("alt") ?? "");
  if (budget.depth <= 0) return escape(node.textContent ?? "");
  if (["CODE", "KBD", "SAMP", "TT"].includes(node.tagName)) return codeOf(node.textContent ?? "");
  budget.depth -= 1;
  const inner = [...node.childNodes].map((child) => inlineOf(child, budget)).join("");
  budget.depth += 1;
  if (node.tagName === "A") return linkOf(node, inner);
  return marksOf(node).reduce(around, inner);
}

/** The marks of an element, by its name and its style. @param {Element} element */
function marksOf(element) {
  const { tagName } = element;
  const style = element.getAttribute("data-style") ?? "";
  const [, weight = ""] = /font-weight\s*:\s*(\w+)/i.exec(style) ?? [];
  const [, slant = ""] = /font-style\s*:\s*(\w+)/i.exec(style) ?? [];
  const isBold = weight ? weight === "bold" || Number(weight) >= 600 : tagName === "B" || tagName === "STRONG";
  const isItalic = slant ? slant === "italic" : tagName === "I" || tagName === "EM";
  const isStruck = ["DEL", "S", "STRIKE"].includes(tagName) || /text-decoration[^;]*line-through/i.test(style);
  return [isStruck && "~~", isItalic && "_", isBold && "**"].flatMap((mark) => mark || []);
}

/** Marks around a text, without the spaces at its ends. @param {string} text @param {string} mark */
function around(text, mark) {
  const [, start = "", word = "", end = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  // Marks do not reach across lines of a table or a list.
  return word ? `${start}${word.split("\n").map((line) => (line.trim() ? mark + line.trim() + mark : line)).join("\n")}${end}` : text;
}

/** @param {Element} link @param {string} inner */
function linkOf(link, inner) {
  const href = link.getAttribute("href")?.trim() ?? "";
  const text = tidy(inner).replaceAll("\n", " ");
  if (!SAFE_LINK.test(href) || !text) return inner;
  if (text === escape(href) || `mailto:${text}` === href) return href.replace(/^mailto:/i, "");
  return `[${text}](${/[()<>]/.test(href) ? `<${href.replace(/[<>]/g, encodeURIComponent)}>` : href})`;
}

/** @param {string} text */
function codeOf(text) {
  const code = text.replace(/\s+/g, " ");
  if (!code.trim()) return "";
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = code.startsWith("`") || code.endsWith("`") ? " " : "";
  return fence + space + code + space + fence;
}

/** @param {string} text */
function fenced(text) {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.replace(/^\n/, "").trimEnd()}\n${fence}`;
}

/** Signs that would be marks. The server shows a backslash before others (chat/domain/markdown/escapes.py). */
const MARKS =
  /`|~~|\|\||\](?=\()|(?<=^|[\s([{"'<*_~|\p{Script=Han}])[*_](?=\S)|(?<=\S)[*_](?=$|[\s)\]}"'>*_~|.,:;!?\\\p{Script=Han}])/gu;

/** @param {string} text */
function escape(text) {
  return text.replace(MARKS, "\\$&");
}

/** A paragraph: its lines without spaces at their ends, and without signs that would begin another block. @param {string} line */
function tidy(line) {
  const lines = line.replace(/[^\S\n]+/g, " ").split("\n").map((each) => each.trim());
  return lines.join("\n").trim().replace(/^(#{1,6} |>|[-+] |\d{1,9}[.)] )/gm, (sign) => (/^\d/.test(sign) ? sign.replace(/[.)]/, "\\$&") : `\\${sign}`));
}
