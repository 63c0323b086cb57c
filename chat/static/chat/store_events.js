/** What the store emits. Types only. */

/**
 * @import { Change } from "./room_copy.js"
 * @import { ThreadCopy } from "./thread_copy.js"
 * @import * as wire from "./wire.d.ts"
 */

/**
 * @typedef {object} StoreEvents
 * @property {[]} you the reader may be another person now
 * @property {[]} rooms the list of rooms or the state of a room changed
 * @property {[{room: string, changed: Change[], reset: boolean}]} messages `reset`: other messages are shown: the copy of
 *   the room is another one, or another section of it is shown
 * @property {[{room: string, messages: wire.Message[]}]} replies these messages came, which are replies in threads or
 *   the roots of threads
 * @property {[ThreadCopy]} thread a copy of `openThread` changed in another way: who follows it, or what was read
 * @property {[]} more-replies followed threads that had unread replies may have more
 * @property {[ThreadCopy]} thread-expired replies may be missing from a copy: ask `thread`
 * @property {[{ids: Set<number>}]} people these people have another name, picture or status
 * @property {[{room: string}]} gap changes are missing from the copy: ask `open … since`
 * @property {[{room: string}]} presence
 * @property {[{room: string}]} typing
 * @property {[]} online other people are online, see `online`
 * @property {[{room: string}]} added the server added a room to the list, or the reader's role in it changed
 * @property {[{room: string}]} members the members of a room changed, or their roles
 * @property {[{message: number, saved: wire.Saved | null}]} saved the reader saved a message, or removed it from the saved
 *   ones, or is reminded of it
 * @property {[]} custom-emoji the site's own emoji changed
 * @property {[]} public-rooms the list of public rooms changed
 * @property {[{room: string, deleted: boolean}]} removed the room is no longer in the list; `deleted`: it is gone for everybody
 * @property {[{room: string}]} readers somebody has read more of a room
 * @property {[wire.DraftEvent]} draft the reader's draft in a room or a thread changed, perhaps on another device
 * @property {[wire.LookChanged]} look the reader chose other colours, another clock …, perhaps on another page
 * @property {[wire.HeldChanged]} held a filter holds a message of the reader, or it does not wait any more
 * @property {[wire.ReportEnded]} report-ended moderators have ended a report of the reader, who is a guest
 * @property {[{room: string, open: number}]} reports how many reports and held messages wait for the reader as a moderator
 * @property {[wire.ScheduledChanged]} scheduled the reader's scheduled messages changed
 */

export {};
