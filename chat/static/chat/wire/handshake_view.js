/** The handshake: what the browser sent and the server received, the answer, and how the accept value is computed. */

import { find, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { make } from "./elements.js";
import { missing, noteOn } from "./header_notes.js";

/**
 * @import * as wire from "../wire.d.ts"
 * @import { BrowserFacts, Note } from "./header_notes.js"
 * @import { ObservedConnection } from "./observed_connection.js"
 */

/** @type {Record<Note["kind"], string>} */
const REMARKS = {
  same: "wire_as_sent",
  changed: "wire_changed",
  proxy: "wire_by_proxy",
  browser: "wire_by_browser",
  unknown: "wire_not_known",
};
/** @type {Record<string, string>} */
const RESPONSE_MEANINGS = {
  upgrade: "wire_header_upgrade",
  connection: "wire_header_connection",
  "sec-websocket-accept": "wire_header_accept",
  "sec-websocket-protocol": "wire_header_protocol",
  "sec-websocket-extensions": "wire_header_extensions",
};
const ROLES = { claimed: "wire_hop_claimed", client: "wire_hop_client", proxy: "wire_hop_proxy" };
const STEPS = /** @type {const} */ (["key", "joined", "sha1", "accept"]);

export class HandshakeView {
  #root;
  #observed;
  /** @type {wire.ObserveReply | null} */
  #drawn = null;

  /** @param {HTMLElement} root @param {ObservedConnection} observed */
  constructor(root, observed) {
    this.#root = root;
    this.#observed = observed;
  }

  draw() {
    const { reply, socket } = this.#observed;
    // While a new connection is made, the handshake of the former one stays.
    if (reply === null || reply === this.#drawn) return;
    this.#drawn = reply;
    const { handshake } = reply;
    show(this.#part("handshake-waiting"), false);
    show(this.#part("handshake-shown"), true);
    show(this.#part("handshake-partly"), handshake.response_headers === null);
    show(this.#part("handshake-normalised"), !handshake.verbatim);
    setText(this.#part("request-line"), handshake.request_line);
    const facts = browserFacts(socket?.offered ?? []);
    this.#part("request-headers").replaceChildren(...requestRows(handshake, facts));
    this.#drawResponse(handshake);
    this.#drawDerivation(handshake.derivation);
    setText(this.#part("subprotocol-reason"), reasonOf(handshake));
    setText(this.#part("extensions-reason"), extensionsReason(handshake, socket?.extensions ?? ""));
    this.#drawRoute(handshake);
  }

  /** @param {string} name */
  #part(name) {
    return find(this.#root, `.${name}`);
  }

  /** @param {wire.Handshake} handshake */
  #drawResponse({ response_line: line, response_headers: headers }) {
    show(this.#part("response"), headers !== null);
    setText(this.#part("response-line"), line ?? "");
    const rows = (headers ?? []).map(({ name, value }) => {
      const meaning = RESPONSE_MEANINGS[name.toLowerCase()];
      return headerRow(name, value, null, meaning ? phrase(meaning) : "", "");
    });
    this.#part("response-headers").replaceChildren(...rows);
  }

  /** @param {wire.Handshake["derivation"]} derivation */
  #drawDerivation(derivation) {
    show(this.#part("derivation"), derivation !== null);
    for (const step of STEPS) setText(find(this.#root, `[data-step="${step}"]`), derivation?.[step] ?? "");
  }

  /** @param {wire.Handshake} handshake */
  #drawRoute({ route, peer, local, tls, scheme }) {
    show(this.#part("route"), route !== null);
    if (route === null) return;
    const hops = route.map(({ address, role }) => hop(address, phrase(ROLES[role]), role));
    const server = hop(local || phrase("wire_unix_socket"), phrase("wire_hop_server"), "server");
    this.#part("route-hops").replaceChildren(...hops, server);
    const facts = [
      peer ? phrase("wire_peer", { peer }) : phrase("wire_peer_unix"),
      phrase(tls ? "wire_tls" : scheme === "wss" ? "wire_tls_at_proxy" : "wire_no_tls"),
      route.some(({ role }) => role === "claimed") ? phrase("wire_claimed") : "",
    ];
    setText(this.#part("route-facts"), facts.filter(Boolean).join(" "));
  }
}

/** @param {string[]} offered @returns {BrowserFacts} */
function browserFacts(offered) {
  const { host, origin } = location;
  return { host, origin, userAgent: navigator.userAgent, languages: navigator.languages, offered };
}

/** @param {wire.Handshake} handshake @param {BrowserFacts} facts */
function requestRows({ headers }, facts) {
  const rows = headers.map((header) => {
    const { kind, sent } = noteOn(header, facts);
    return headerRow(header.name, header.value, sent ?? "", remark(header, kind), kind);
  });
  const lost = missing(headers, facts);
  return [...rows, ...lost.map(({ name, sent }) => headerRow(name, "", sent, phrase("wire_missing"), "changed"))];
}

/** @param {wire.Header} header @param {Note["kind"]} kind */
function remark({ masked }, kind) {
  return [phrase(REMARKS[kind]), masked ? phrase("wire_secret") : ""].filter(Boolean).join(" ");
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string | null} sent null for a response, which has no such column
 * @param {string} remark
 * @param {string} kind
 */
function headerRow(name, value, sent, remark, kind) {
  return make(
    "tr",
    { role: "row", "data-kind": kind },
    make("th", { role: "rowheader", scope: "row" }, name),
    make("td", { role: "cell", class: "header-value" }, make("code", { dir: "ltr" }, value || "–")),
    sent === null ? null : make("td", { role: "cell", class: "header-sent" }, make("code", { dir: "ltr" }, sent || "–")),
    make("td", { role: "cell", class: "header-remark" }, remark),
  );
}

/** @param {string} address @param {string} role @param {string} kind */
function hop(address, role, kind) {
  return make("li", { class: "hop", "data-role": kind }, make("code", { dir: "ltr" }, address), make("span", {}, role));
}

/** Why the server chose this subprotocol. @param {wire.Handshake} handshake */
function reasonOf({ offered, subprotocol }) {
  if (subprotocol === null) return phrase("wire_subprotocol_none");
  return phrase("wire_subprotocol", { offered: offered.join(", "), chosen: subprotocol });
}

/** Which extensions are used, and why. @param {wire.Handshake} handshake @param {string} used */
function extensionsReason({ headers }, used) {
  const offered = headers.find(({ name }) => name.toLowerCase() === "sec-websocket-extensions")?.value;
  if (used) return phrase("wire_extensions_used", { used });
  return offered ? phrase("wire_extensions_declined", { offered }) : phrase("wire_extensions_none");
}
