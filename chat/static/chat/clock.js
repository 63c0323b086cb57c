/** A clock for waiting and measuring. */

/** Monotonic milliseconds: setting the computer's clock does not change them. @returns {number} */
export const now = () => performance.now();
