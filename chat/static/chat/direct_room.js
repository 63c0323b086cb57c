/** Goes to the direct room of the reader and other people, which the server makes at first use. */

import { CommandError, command } from "./protocol.js";

/**
 * @import { Navigation } from "./navigation.js"
 * @import { TabContext } from "./room_view.js"
 */

/**
 * @param {Pick<TabContext, "connection" | "store">} tab
 * @param {Navigation} navigation
 * @param {number[]} people ids, without the reader's; the reader's own alone for notes
 * @throws {CommandError} the server refuses it, for example for a closed account
 */
export async function openDirectRoom({ connection, store }, navigation, people) {
  const { room, state } = await connection.request(command.direct(people));
  store.addRoom(state);
  navigation.goToRoom(room);
}

/**
 * Like `openDirectRoom`, but shows why it could not be opened.
 * @param {Pick<TabContext, "connection" | "notice" | "store">} tab
 * @param {Navigation} navigation
 * @param {number[]} people
 */
export async function goToDirectRoom(tab, navigation, people) {
  try {
    await openDirectRoom(tab, navigation, people);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    tab.notice.showError(error);
  }
}
