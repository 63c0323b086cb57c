// Talk in a room from a terminal: node examples/talk.mjs ws://localhost:3368 lobby [SESSION]
//
// Needs `npm install ws`. Prints messages and sends each typed line: as a guest or, with the value of a
// `sessionid` cookie, as that person. Without a room it sends plain text, for examples/handshake.py.

import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import WebSocket from "ws";

const [url = "ws://127.0.0.1:8765", room, session] = process.argv.slice(2);
const headers = session ? { Cookie: `sessionid=${session}` } : {};
const socket = new WebSocket(url, ["chat"], { headers });
const send = (frame) => socket.send(JSON.stringify(frame));
let newest = 0;

// Control characters of other people must not move the cursor of this terminal.
const show = (text) => console.log(text.replace(/\p{C}/gu, " "));

function receive(frame) {
  if (frame.type === "welcome") show(`You are ${(frame.you.user ?? frame.you.guest).name}.`);
  if (frame.type === "error") show(`! ${frame.detail}`);
  if (frame.ref === "goodbye") socket.close();
  const messages = frame.type === "message" ? [frame.message] : (frame.messages ?? []);
  for (const { seq, deleted, author, guest, text } of messages.sort((a, b) => a.seq - b.seq)) {
    if (seq <= newest || deleted) continue; // Edits of shown messages are not shown again.
    newest = seq;
    show(`${(author ?? guest).name}: ${text}`);
  }
}

socket.on("message", (data) => (room ? receive(JSON.parse(String(data))) : show(String(data))));
socket.on("error", (error) => show(`! ${error.message}`));
socket.on("close", () => process.exit());
socket.on("open", () => {
  if (room) send({ type: "open", room });
  const typed = createInterface({ input: process.stdin });
  const post = (body) => (room ? send({ type: "post", room, client_id: randomUUID(), body }) : socket.send(body));
  typed.on("line", (line) => line.trim() && post(line));
  typed.on("close", () => (room ? send({ type: "close", room, ref: "goodbye" }) : socket.close()));
});
