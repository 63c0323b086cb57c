/**
 * Where the page `/wire/` starts. The order of the imports matters: the first one makes the connection of the page
 * observable, before app.js opens it.
 */

import "./observed_socket.js";
import { shell } from "../app.js";
import { WirePage } from "./wire_page.js";

export { shell };

/** For tests. */
export const wirePage = new WirePage(shell);
