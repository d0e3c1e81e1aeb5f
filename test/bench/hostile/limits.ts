// What one guest may do at the most, by the defaults of wrangler.toml.

/** SOCKETS_PER_PRINCIPAL. */
export const SOCKETS = 10
/** FRAMES_BURST. */
export const FRAMES = 1000
/** MAX_SUBSCRIPTIONS. */
export const SUBSCRIPTIONS = 32
/** MAX_TRANSACTION_FRAMES. */
export const TRANSACTION_FRAMES = 100
/** MAX_CONTENT_BYTES. */
export const CONTENT = 8192
/** MAX_FRAME_BYTES. */
export const FRAME = 65_536
/** SEND_BURST. */
export const SENDS = 50
