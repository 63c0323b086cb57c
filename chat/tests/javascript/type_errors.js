/**
 * Mistakes that the type check must find. `tsc` reads this file and nothing runs it: where the line after a
 * `@ts-expect-error` is no error, that comment is one.
 */

import { command } from "../../static/chat/protocol.js";
import { Connection } from "../../static/chat/socket.js";
import { Store } from "../../static/chat/store.js";
import { message, welcome } from "./cast.js";

const { reactions: _, ...incomplete } = message(1);
const connection = new Connection("ws://localhost");
const store = new Store(welcome());

// @ts-expect-error: a message without one of its fields
store.applyReply({ type: "reply", ref: null, room: "lobby", message: incomplete });

/** @type {import("../../static/chat/unsent.js").Unsent} */
// @ts-expect-error: a message of the outbox without one of its fields
export const unsent = { ...incomplete, id: null, html: null, delivery_state: "waiting" };

// @ts-expect-error: a command with a field that the server does not know
connection.send({ type: "ping", room: "lobby" });

// @ts-expect-error: a command without its body
connection.send({ type: "edit", message: 1 });

// @ts-expect-error: the answer to `edit` has one message, that to `history` has several
connection.request(command.edit(1, "text")).then(({ messages }) => messages);

// @ts-expect-error: an event that the store does not emit
store.on("hole", () => {});
