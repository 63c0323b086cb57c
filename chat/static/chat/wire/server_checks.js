/** Asks the server for the checks that it makes of its own public address: a stream of JSON lines. */

/**
 * @typedef {object} ServerResult
 * @property {string} name
 * @property {string} title
 * @property {"ok" | "warning" | "failed"} outcome
 * @property {string} sentence
 * @property {string} advice empty if there is nothing to change
 */

/** The server does not make the checks now. The message is a sentence of the server, or empty. */
export class NotChecked extends Error {}

/**
 * @param {string} path
 * @param {string} token of CSRF
 * @param {{request: typeof fetch}} options
 * @returns {AsyncGenerator<ServerResult, void>} the results, one after the other
 * @throws {NotChecked}
 */
export async function* askServer(path, token, { request }) {
  const response = await request(path, { method: "POST", headers: { "X-CSRFToken": token } });
  if (!response.ok || !response.body) throw new NotChecked(await detailOf(response));
  let rest = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value = "" } = await reader.read();
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
    if (done) return;
  }
}

/** @param {Response} response */
async function detailOf(response) {
  // A proxy, or the check of Origin, answers with a page.
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return isJson ? String((await response.json()).detail ?? "") : "";
}
