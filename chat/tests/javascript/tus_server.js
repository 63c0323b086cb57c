/** A server of tus 1.0 in memory, which can fail. Its sockets can be cut in the middle of a body. */

import { createServer } from "node:http";

import { UploadError } from "../../static/chat/uploads/upload_error.js";

/** @import { Request, Response } from "../../static/chat/uploads/tus.js" */

const ADDRESS = "/rooms/tea/files/";

export class TusServer {
  /** @type {Map<string, {name: string, size: number, bytes: Buffer}>} by path */
  uploads = new Map();
  /** @type {string[]} "METHOD" of each request, in order */
  requests = [];
  /** @type {number[]} sizes of the bodies of PATCH */
  chunks = [];
  /** @type {({status: number, body?: object, headers?: object} | null)[]} answers to the next requests; null: a normal one */
  answers = [];
  /** Keep this much of the next PATCH, and cut the connection. @type {number | null} */
  cutAfter = null;
  /** How many bytes a request may have, as the proxy before the server says. */
  mostBody = Infinity;
  /** Whether that proxy closes the connection instead of answering with 413. */
  closesOnMore = false;
  /** Store the next PATCH whole, and cut the connection before the answer. */
  cutAnswer = false;
  #server = createServer((request, response) => void this.#answer(request, response));

  async start() {
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve(null)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (this.#server.address());
    this.origin = `http://127.0.0.1:${port}`;
    return this;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get address() {
    return ADDRESS;
  }

  /** What was uploaded completely, by name. */
  get files() {
    const complete = [...this.uploads.values()].filter(({ bytes, size }) => bytes.length === size);
    return Object.fromEntries(complete.map(({ name, bytes }) => [name, bytes.toString()]));
  }

  /** Sends requests to this server. @param {Request} request @returns {Promise<Response>} */
  transport = async ({ method, url, headers, body, signal, onProgress }) => {
    let response, text;
    try {
      response = await fetch(this.origin + url, { method, headers, body, signal });
      text = await response.text();
    } catch {
      signal?.throwIfAborted();
      throw new UploadError({ code: "lost" });
    }
    if (body) onProgress?.(body.size);
    return { status: response.status, text, header: (name) => response.headers.get(name) };
  };

  async #answer(request, response) {
    this.requests.push(request.method);
    // Reading a part of the body destroys the request.
    const { socket } = request;
    const upload = this.uploads.get(request.url);
    const cutAfter = request.method === "PATCH" ? this.cutAfter : null;
    const body = await read(request, cutAfter ?? Infinity);
    const wanted = this.answers.shift();
    if (body.length > this.mostBody) {
      if (this.closesOnMore) socket.destroy();
      else response.writeHead(413).end("<html>Too large</html>");
    } else if (wanted) {
      response.writeHead(wanted.status, wanted.headers).end(JSON.stringify(wanted.body ?? {}));
    } else if (cutAfter !== null) {
      this.cutAfter = null;
      upload.bytes = Buffer.concat([upload.bytes, body]);
      socket.destroy();
    } else if (request.method === "POST") {
      this.#create(request, response);
    } else if (!upload) {
      response.writeHead(404).end();
    } else if (request.method === "DELETE") {
      this.uploads.delete(request.url);
      response.writeHead(204).end();
    } else {
      this.#patch(request, response, upload, body);
    }
  }

  #create(request, response) {
    const path = `${ADDRESS}${this.uploads.size + 1}/`;
    const [, name] = /filename (\S+?)(?:,|$)/.exec(request.headers["upload-metadata"]);
    const size = Number(request.headers["upload-length"]);
    this.uploads.set(path, { name: Buffer.from(name, "base64").toString(), size, bytes: Buffer.alloc(0) });
    response.writeHead(201, { Location: `http://other.host${path}` }).end();
  }

  #patch(request, response, upload, body) {
    if (request.method === "PATCH") {
      if (Number(request.headers["upload-offset"]) !== upload.bytes.length) return response.writeHead(409).end();
      this.chunks.push(body.length);
      upload.bytes = Buffer.concat([upload.bytes, body]);
      if (this.cutAnswer) {
        this.cutAnswer = false;
        return request.socket.destroy();
      }
    }
    const status = request.method === "HEAD" ? 200 : 204;
    response.writeHead(status, { "Upload-Offset": upload.bytes.length, "Upload-Length": upload.size }).end();
  }
}

async function read(request, most) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    parts.push(part);
    length += part.length;
    if (length >= most) break;
  }
  return Buffer.concat(parts).subarray(0, most);
}
