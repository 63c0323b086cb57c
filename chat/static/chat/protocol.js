/**
 * The protocol `chat`, version 1, without I/O: builds commands and parses frames.
 * docs/protocol.md describes every command and event; wire.d.ts declares their types.
 *
 * @import * as wire from "./wire.d.ts"
 */

export const SUBPROTOCOL = "chat";
const HISTORY_PAGE = 50;

/** Close codes that a page handles. */
export const CLOSE = { flooded: 1008, signedOut: 4001 };

/** Every command that a page sends, as a plain object; the connection adds `ref`. */
export const command = {
  /**
   * @param {string} room
   * @param {{version: number, epoch: string}} [copy] what the page has of the room
   * @param {"unread" | number} [at] which page of messages, if not the latest: `unread`, or the id of a message
   * @returns {wire.OpenCommand}
   */
  open: (room, copy, at) => ({
    type: "open",
    room,
    ...(copy && { since: copy.version, epoch: copy.epoch }),
    ...(at !== undefined && { at }),
  }),
  /** @param {string} room @returns {wire.CloseCommand} */
  close: (room) => ({ type: "close", room }),
  /** @param {Omit<wire.PostCommand, "type">} item other fields of it are not sent @returns {wire.PostCommand} */
  post: ({ room, client_id, body, reply_to, attachments, poll, silent, thread, in_room }) => ({
    type: "post",
    room,
    client_id,
    body,
    ...(reply_to ? { reply_to } : {}),
    ...(attachments?.length ? { attachments } : {}),
    ...(poll ? { poll } : {}),
    ...(silent ? { silent } : {}),
    ...(thread ? { thread, in_room: Boolean(in_room) } : {}),
  }),
  /** @param {number} message an id @param {string} body @returns {wire.EditCommand} */
  edit: (message, body) => ({ type: "edit", message, body }),
  /** @param {number} message an id @param {number} task its number @param {boolean} on @returns {wire.TickCommand} */
  tick: (message, task, on) => ({ type: "tick", message, task, on }),
  /** @param {number} message an id @returns {wire.DeleteCommand} */
  delete: (message) => ({ type: "delete", message }),
  /** @param {number} message an id @returns {wire.RestoreCommand} */
  restore: (message) => ({ type: "restore", message }),
  /** @param {number} message an id @param {boolean} on @returns {wire.PinCommand} */
  pin: (message, on) => ({ type: "pin", message, on }),
  /** @param {string} room @returns {wire.PinsCommand} */
  pins: (room) => ({ type: "pins", room }),
  /** @param {number} message an id @returns {wire.EditsCommand} */
  edits: (message) => ({ type: "edits", message }),
  /** @param {Omit<wire.ForwardCommand, "type">} what @returns {wire.ForwardCommand} */
  forward: (what) => ({ type: "forward", ...what }),
  /** @param {number} message an id @param {boolean} on @param {Date | null} [remindAt] @returns {wire.SaveCommand} */
  save: (message, on, remindAt = null) => ({ type: "save", message, on, remind_at: remindAt?.toISOString() ?? null }),
  /** @returns {wire.SavedCommand} */
  saved: () => ({ type: "saved" }),
  /** @returns {wire.CustomEmojiCommand} */
  customEmoji: () => ({ type: "custom_emoji" }),
  /** @param {number} message an id @param {string} url of a link @returns {wire.RemovePreviewCommand} */
  removePreview: (message, url) => ({ type: "remove_preview", message, url }),
  /** @param {number} message an id @param {string} emoji @param {boolean} on @returns {wire.ReactCommand} */
  react: (message, emoji, on) => ({ type: "react", message, emoji, on }),
  /** @param {string} room @param {number} upto a seq @param {number} [unreadMarks] @returns {wire.ReadCommand} */
  read: (room, upto, unreadMarks) => ({ type: "read", room, upto, unread_marks: unreadMarks }),
  /** @param {number} message an id @returns {wire.MarkUnreadCommand} */
  markUnread: (message) => ({ type: "mark_unread", message }),
  /** @param {string} room @returns {wire.TypingCommand} */
  typing: (room) => ({ type: "typing", room }),
  /**
   * @param {string} room
   * @param {{before: number} | {after: number} | {around: number}} place a seq
   * @param {number} [limit]
   * @returns {wire.HistoryCommand}
   */
  history: (room, place, limit = HISTORY_PAGE) => ({ type: "history", room, ...place, limit }),
  /** @param {string} query the beginning of a name, or initials @returns {wire.PeopleCommand} */
  people: (query) => ({ type: "people", query }),
  /** @param {string} [search] @param {number} [skip] @returns {wire.BrowseCommand} */
  browse: (search = "", skip = 0) => ({ type: "browse", search, skip }),
  /** @param {Omit<wire.CreateRoomCommand, "type">} room @returns {wire.CreateRoomCommand} */
  createRoom: (room) => ({ type: "create_room", ...room }),
  /** @param {string} room @param {Omit<wire.ChangeRoomCommand, "type" | "room">} fields @returns {wire.ChangeRoomCommand} */
  changeRoom: (room, fields) => ({ type: "change_room", room, ...fields }),
  /** @param {string} room @returns {wire.AboutCommand} */
  about: (room) => ({ type: "about", room }),
  /** @param {string} room @returns {wire.JoinCommand} */
  join: (room) => ({ type: "join", room }),
  /** @param {string} room @returns {wire.LeaveCommand} */
  leave: (room) => ({ type: "leave", room }),
  /** @param {string} room @param {string} [search] @param {number} [skip] @returns {wire.MembersCommand} */
  members: (room, search = "", skip = 0) => ({ type: "members", room, search, skip }),
  /** @param {string} room @param {Partial<Omit<wire.FilesCommand, "type" | "room">>} [which] @returns {wire.FilesCommand} */
  files: (room, which = {}) => ({ type: "files", room, ...which }),
  /** @param {string} room @param {number[]} people ids @returns {wire.AddMembersCommand} */
  addMembers: (room, people) => ({ type: "add_members", room, people }),
  /** @param {string} room @param {number} person an id @returns {wire.RemoveMemberCommand} */
  removeMember: (room, person) => ({ type: "remove_member", room, person }),
  /** @param {string} room @param {number} person an id @param {string} role @returns {wire.SetRoleCommand} */
  setRole: (room, person, role) => ({ type: "set_role", room, person, role }),

  /** @type {(room: string, person: number, on: boolean) => wire.NameToPostCommand} */
  nameToPost: (room, person, on) => ({ type: "name_to_post", room, person, on }),
  /** @param {string} room @param {string} level @returns {wire.SetNotifyCommand} */
  setNotify: (room, level) => ({ type: "set_notify", room, level }),
  /** @param {string} room @param {string} body @returns {wire.RenderCommand} */
  render: (room, body) => ({ type: "render", room, body }),
  /** @param {string} emoji @param {string} text @returns {wire.SetStatusCommand} */
  setStatus: (emoji, text) => ({ type: "set_status", emoji, text }),
  /** @param {string} [room] without one, a link to the site @returns {wire.MakeInviteCommand} */
  makeInvite: (room) => ({ type: "make_invite", ...(room === undefined ? {} : { room }) }),
  /** @param {number[]} people ids @returns {wire.DirectCommand} */
  direct: (people) => ({ type: "direct", people }),
  /**
   * @param {string} room @param {boolean} on @param {string | null} [before] the slug of a favourite; null: the last place
   * @returns {wire.FavouriteCommand}
   */
  favourite: (room, on, before = null) => ({ type: "favourite", room, on, before }),
  /** @param {string} room @param {boolean} on @returns {wire.MuteCommand} */
  mute: (room, on) => ({ type: "mute", room, on }),
  /** @param {string} room @param {boolean} on @returns {wire.HideCommand} */
  hide: (room, on) => ({ type: "hide", room, on }),
  /** @param {wire.FoldCommand["section"]} section @param {boolean} on @returns {wire.FoldCommand} */
  fold: (section, on) => ({ type: "fold", section, on }),
  /** @param {Omit<wire.DraftCommand, "type">} draft @returns {wire.DraftCommand} */
  draft: ({ thread, ...draft }) => ({ type: "draft", ...draft, ...(thread == null ? {} : { thread }) }),
  /** @returns {wire.DraftsCommand} */
  drafts: () => ({ type: "drafts" }),
  /** @param {Omit<wire.ScheduleCommand, "type">} message @returns {wire.ScheduleCommand} */
  schedule: ({ thread, attachments, ...message }) => ({
    type: "schedule",
    ...message,
    ...(thread == null ? {} : { thread }),
    ...(attachments?.length ? { attachments } : {}),
  }),
  /** @param {number} message an id @param {number[]} options places, from 0 @returns {wire.VoteCommand} */
  vote: (message, options) => ({ type: "vote", message, options }),
  /** @param {number} message an id @returns {wire.ClosePollCommand} */
  closePoll: (message) => ({ type: "close_poll", message }),
  /** @param {number} message an id @returns {wire.ReceiptsCommand} */
  receipts: (message) => ({ type: "receipts", message }),
  /** @param {number[]} messages ids of polls @returns {wire.VotesCommand} */
  votes: (messages) => ({ type: "votes", messages }),
  /** @param {number} message the id of a root or a reply @param {{before?: number, limit?: number}} [page] @returns {wire.ThreadCommand} */
  thread: (message, page = {}) => ({ type: "thread", message, ...page }),
  /** @param {number} message the id of a root or a reply @param {boolean} on @returns {wire.FollowCommand | wire.UnfollowCommand} */
  follow: (message, on) => (on ? { type: "follow", message } : { type: "unfollow", message }),
  /** @param {number} message the id of a root or a reply @param {number} upto a seq @returns {wire.ReadThreadCommand} */
  readThread: (message, upto) => ({ type: "read_thread", message, upto }),
  /** @param {number} person an id @param {string} [room] for their role in it @returns {wire.ProfileCommand} */
  profile: (person, room) => ({ type: "profile", person, ...(room === undefined ? {} : { room }) }),
  /** @param {number} since a version of people @returns {wire.ChangedPeopleCommand} */
  changedPeople: (since) => ({ type: "changed_people", since }),
  /**
   * @param {{message: number} | {person: number}} what an id @param {string} reason @param {string} note
   * @returns {wire.ReportCommand}
   */
  report: (what, reason, note) => ({ type: "report", ...what, reason, note }),
  /** @param {string} room @param {boolean} ended @param {number} [before] the id of a report @returns {wire.ReportsCommand} */
  reports: (room, ended, before) => ({ type: "reports", room, ended, ...(before === undefined ? {} : { before }) }),
  /** @param {string} room @returns {wire.CountReportsCommand} */
  countReports: (room) => ({ type: "count_reports", room }),
  /** @param {number} report an id @returns {wire.ReportContextCommand} */
  reportContext: (report) => ({ type: "report_context", report }),
  /**
   * @param {number} report an id @param {wire.DecideReportCommand["act"]} act
   * @param {{minutes?: number, note?: string}} more
   * @returns {wire.DecideReportCommand}
   */
  decideReport: (report, act, more) => ({ type: "decide_report", report, act, ...more }),
  /** @param {number} held an id @param {boolean} post @returns {wire.DecideHeldCommand} */
  decideHeld: (held, post) => ({ type: "decide_held", held, post }),
  /** @param {string[]} knows client_ids @returns {wire.OwnHeldCommand} */
  ownHeld: (knows) => ({ type: "own_held", knows }),
  /** @param {string} clientId @returns {wire.WithdrawHeldCommand} */
  withdrawHeld: (clientId) => ({ type: "withdraw_held", client_id: clientId }),
  /**
   * @param {string} room @param {{person?: number | null, guest?: string | null}} whom one of these ids @param {number} minutes 0 ends it
   * @param {string} [reason]
   * @returns {wire.MutePersonCommand}
   */
  mutePerson: (room, { person = null, guest = null }, minutes, reason = "") =>
    ({ type: "mute_person", room, person, guest, minutes, reason }),
  /** @param {string} room @returns {wire.FiltersCommand} */
  filters: (room) => ({ type: "filters", room }),
  /** @param {Omit<wire.SaveFilterCommand, "type">} filter @returns {wire.SaveFilterCommand} */
  saveFilter: (filter) => ({ type: "save_filter", ...filter }),
  /** @param {string} room @param {number} filter an id @returns {wire.DeleteFilterCommand} */
  deleteFilter: (room, filter) => ({ type: "delete_filter", room, filter }),
  /** @param {Omit<wire.TryFilterCommand, "type">} filter @returns {wire.TryFilterCommand} */
  tryFilter: (filter) => ({ type: "try_filter", ...filter }),
  /** @returns {wire.PingCommand} */
  ping: () => ({ type: "ping" }),
  /** @returns {wire.ObserveCommand} */
  observe: () => ({ type: "observe" }),
  /** @returns {wire.PingFrameCommand} */
  pingFrame: () => ({ type: "ping_frame" }),
};

/** Why a command failed: an `error` frame, or the connection's own codes `lost` and `timeout`. */
export class CommandError extends Error {
  /** @param {{code: string, detail?: string, field?: string | null, retry_after?: number | null}} frame */
  constructor({ code, detail = "", field = null, retry_after = null }) {
    super(detail || code);
    this.name = "CommandError";
    this.code = code;
    this.detail = detail;
    this.field = field;
    /** Seconds, when the server said how long to wait. */
    this.retryAfter = retry_after;
  }
}

/**
 * @param {string} text one text frame
 * @returns {wire.Frame | null} null for text that is not a frame of this protocol. The `type` may be unknown: a newer
 *   server may send more
 */
export function parse(text) {
  try {
    const frame = JSON.parse(text);
    return typeof frame?.type === "string" ? frame : null;
  } catch {
    return null;
  }
}

/**
 * The socket's URL for a page.
 * @param {{protocol: string, host: string}} location
 * @param {string} path
 */
export function socketUrl(location, path) {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${path}`;
}
