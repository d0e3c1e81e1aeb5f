// @ts-check
// The application's own subscriptions, to channels and queues: made again on each connection.

/** @typedef {import('./link.js').Link} Link */
/** @typedef {import('./room-client.js').StompMessage} StompMessage */
/**
 * @typedef {{ destination: string, onMessage: (message: StompMessage) => void,
 *   headers: Readonly<Record<string, string>>, end?: (() => void) | undefined }} Wish
 */

export function createSubscriptions() {
  /** @type {Set<Wish>} */
  const wishes = new Set()
  /** @type {Link | undefined} */
  let link

  /** @param {Wish} wish */
  function fulfil(wish) {
    wish.end = link?.subscribe(wish.destination, wish.onMessage, { ...wish.headers })
  }

  return {
    /** @param {Link} opened */
    opened: (opened) => {
      link = opened
      for (const wish of wishes) fulfil(wish)
    },

    closed: () => {
      link = undefined
    },

    /**
     * @param {string} destination
     * @param {(message: StompMessage) => void} onMessage
     * @param {Readonly<Record<string, string>>} [headers]
     */
    add: (destination, onMessage, headers = {}) => {
      /** @type {Wish} */
      const wish = { destination, onMessage, headers }
      wishes.add(wish)
      fulfil(wish)
      return () => {
        wishes.delete(wish)
        wish.end?.()
      }
    },
  }
}
