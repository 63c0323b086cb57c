/** Why an upload failed, by a stable code. */

/** @import { Response } from "./tus.js" */

/** The codes of answers without one in their body: they may come from a proxy. */
const CODES = new Map([
  [401, "signed_out"],
  [403, "forbidden"],
  [404, "not_found"],
  [409, "conflict"],
  [410, "not_found"],
  [413, "request_too_large"],
  [415, "type_refused"],
  [423, "locked"],
  [429, "slow_down"],
  [500, "internal"],
  [507, "storage_full"],
]);
/** The same request may succeed later, without any help of a person. */
const TEMPORARY = new Set(["lost", "conflict", "locked", "checksum_mismatch", "slow_down", "unavailable"]);

export class UploadError extends Error {
  /** @param {{code: string, detail?: string, retryAfter?: number | null}} fields */
  constructor({ code, detail = "", retryAfter = null }) {
    super(detail || code);
    this.name = "UploadError";
    this.code = code;
    /** A sentence of the server for people, or "". */
    this.detail = detail;
    /** Seconds, when the server said how long to wait. */
    this.retryAfter = retryAfter;
  }

  get isTemporary() {
    return TEMPORARY.has(this.code);
  }
}

/** @param {Response} response which is no success @returns {UploadError} */
export function errorOf({ status, text, header }) {
  const { code, detail } = parse(text);
  const retryAfter = header("Retry-After");
  return new UploadError({
    code: code ?? CODES.get(status) ?? (status > 500 ? "unavailable" : "invalid"),
    detail: detail ?? "",
    retryAfter: /^\d+$/.test(retryAfter ?? "") ? Number(retryAfter) : null,
  });
}

/** @param {string} text @returns {{code?: string, detail?: string}} */
function parse(text) {
  try {
    const { code, detail } = JSON.parse(text) ?? {};
    return { ...(typeof code === "string" && { code }), ...(typeof detail === "string" && { detail }) };
  } catch {
    return {};
  }
}
