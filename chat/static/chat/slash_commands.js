/** The commands that a person writes as a message: `/topic Tea at five`. Each is a row of the table SLASH_COMMANDS. */

import { uuid } from "./browser.js";
import { openLeaveDialog } from "./elements/leave_dialog.js";
import { askPoll } from "./elements/poll_dialog.js";
import { loadEmoji } from "./emoji/emoji_list.js";
import { phrase } from "./phrases.js";
import { parsePoll, pollProblem } from "./poll_text.js";
import { command } from "./protocol.js";
import { asAction, handlesIn, withShrug } from "./writing/slash.js";

/**
 * @import { WrittenPoll } from "./poll_text.js"
 * @import { RoomContext } from "./room_view.js"
 * @import { Person } from "./wire.d.ts"
 * @import { Slash } from "./writing/slash.js"
 *
 * @typedef {object} Outcome what follows a command that was carried out
 * @property {string} [body] a message to send
 * @property {WrittenPoll} [poll] to ask
 * @property {boolean} [isCancelled] the person changed their mind: the text stays
 * @property {string} [said] a sentence for the person
 *
 * @typedef {object} SlashCommand
 * @property {string} name
 * @property {string} does the name of a phrase (phrases.js)
 * @property {string} [usage] the name of the phrase for what follows the command
 * @property {boolean} [isForUsers] guests cannot use it
 * @property {boolean} [isForRooms] it is not offered in direct rooms
 * @property {(context: RoomContext, text: string) => Outcome | Promise<Outcome>} run may throw a SlashError or a CommandError
 */

/** A command that was not written as it must be. The message is a sentence for the person. */
export class SlashError extends Error {}

const AWAY = "💤";
const NAMED_EMOJI = /^:([a-z0-9_+-]+):\s*/i;
const EMOJI =
  /^((?:\p{Regional_Indicator}{2}|\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)*))\s*/u;

/** @type {SlashCommand[]} */
const SLASH_COMMANDS = [
  { name: "me", does: "slash_me", usage: "slash_me_usage", run: (_, text) => ({ body: asAction(needed(text, "me")) }) },
  { name: "shrug", does: "slash_shrug", usage: "slash_shrug_usage", run: (_, text) => ({ body: withShrug(text) }) },
  { name: "topic", does: "slash_topic", usage: "slash_topic_usage", isForUsers: true, isForRooms: true, run: setTopic },
  { name: "invite", does: "slash_invite", usage: "slash_invite_usage", isForUsers: true, isForRooms: true, run: invite },
  { name: "msg", does: "slash_msg", usage: "slash_msg_usage", isForUsers: true, run: writeTo },
  { name: "poll", does: "slash_poll", usage: "slash_poll_usage", isForUsers: true, run: makePoll },
  { name: "status", does: "slash_status", usage: "slash_status_usage", isForUsers: true, run: setStatus },
  { name: "away", does: "slash_away", isForUsers: true, run: toggleAway },
  { name: "leave", does: "slash_leave", isForUsers: true, isForRooms: true, run: leave },
];

/** The commands that this person can use in this room. @param {RoomContext} context */
export function offeredCommands({ room, store }) {
  const isDirect = store.rooms.get(room)?.kind === "direct";
  return SLASH_COMMANDS.filter(({ isForRooms, isForUsers }) => !(isForUsers && !store.you.user) && !(isForRooms && isDirect));
}

/**
 * Carry out a command.
 * @param {RoomContext} context
 * @param {Slash} slash
 * @returns {Promise<Outcome>}
 * @throws {SlashError} it does not exist, or not with this text
 * @throws {import("./protocol.js").CommandError} the server refuses it
 */
export async function runSlash(context, { name, text }) {
  const found = offeredCommands(context).find((each) => each.name === name);
  if (!found) throw new SlashError(phrase("slash_unknown", { name }));
  return found.run(context, text);
}

/** @param {string} text @param {string} name @returns {string} */
function needed(text, name) {
  const { usage = "" } = SLASH_COMMANDS.find((each) => each.name === name) ?? {};
  if (!text) throw new SlashError(phrase("slash_needs", { usage: `/${name} ${phrase(usage)}` }));
  return text;
}

/** @type {SlashCommand["run"]} */
async function setTopic({ connection, room }, text) {
  await connection.request(command.changeRoom(room, { topic: needed(text, "topic") }));
  return { said: phrase("slash_topic_done") };
}

/** @type {SlashCommand["run"]} */
async function invite(context, text) {
  const { connection, room } = context;
  const people = await findPeople(context, handlesIn(needed(text, "invite")).handles, "invite");
  await connection.request(command.addMembers(room, people.map(({ id }) => id)));
  return { said: phrase("slash_invite_done", { names: people.map(({ name }) => name).join(", ") }) };
}

/** @type {SlashCommand["run"]} */
async function writeTo(context, text) {
  const { connection, outbox, store } = context;
  const { handles, rest } = handlesIn(needed(text, "msg"));
  const people = await findPeople(context, handles, "msg");
  const { room, state } = await connection.request(command.direct(people.map(({ id }) => id)));
  store.addRoom(state);
  if (rest) outbox.add({ client_id: uuid(), room, body: rest, reply_to: null, at: new Date().toISOString() });
  context.goToRoom(room);
  return {};
}

/** @type {SlashCommand["run"]} */
async function setStatus({ connection, urls }, text) {
  const [, name = ""] = NAMED_EMOJI.exec(text) ?? [];
  const named = name ? (await loadEmoji(urls.emoji)).named(name)?.emoji : undefined;
  const emoji = named ?? EMOJI.exec(text)?.[1] ?? "";
  const line = text.replace(named ? NAMED_EMOJI : EMOJI, "");
  await connection.request(command.setStatus(emoji, line));
  return { said: text ? phrase("slash_status_done", { status: `${emoji} ${line}`.trim() }) : phrase("slash_status_cleared") };
}

/** @type {SlashCommand["run"]} */
async function toggleAway({ connection, store }, text) {
  const isBack = !text && store.people.statusOf(store.you)?.emoji === AWAY;
  const line = text || phrase("slash_away_status");
  await connection.request(isBack ? command.setStatus("", "") : command.setStatus(AWAY, line));
  return { said: isBack ? phrase("slash_away_back") : phrase("slash_status_done", { status: `${AWAY} ${line}` }) };
}

/** What cannot be asked as it is written is shown in a form. @type {SlashCommand["run"]} */
async function makePoll({ signal }, text) {
  const written = parsePoll(text);
  const poll = pollProblem(written) ? await askPoll(written, signal) : written;
  return poll ? { poll } : { isCancelled: true };
}

/** @type {SlashCommand["run"]} */
async function leave(context) {
  const { connection, room } = context;
  openLeaveDialog(context, await connection.request(command.about(room)));
  return {};
}

/**
 * The people with these handles, in the same order.
 * @param {RoomContext} context
 * @param {string[]} handles
 * @param {string} name of the command
 * @returns {Promise<Person[]>}
 */
async function findPeople({ connection }, handles, name) {
  if (!handles.length) needed("", name);
  const found = await Promise.all(handles.map(async (handle) => {
    const { people } = await connection.request(command.people(handle));
    const person = people.find((each) => each.handle.toLowerCase() === handle.toLowerCase());
    if (!person) throw new SlashError(phrase("slash_nobody", { handle }));
    return person;
  }));
  return found;
}
