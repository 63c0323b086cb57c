/** Time for waiting and measuring. */

/** Milliseconds that only grow: setting the computer's clock does not change them. @returns {number} */
export const now = () => performance.now();
