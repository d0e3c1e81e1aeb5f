// The application's own subscriptions, to channels and queues: made again on each connection.

import type { Link } from './connection/link.ts'
import type { StompMessage } from './stomp-client.ts'

export type Wish = {
  destination: string
  onMessage: (message: StompMessage) => void
  headers: Readonly<Record<string, string>>
  end?: (() => void) | undefined
}

export function createSubscriptions() {
  const wishes: Set<Wish> = new Set()
  let link: Link | undefined

  function fulfil(wish: Wish) {
    wish.end = link?.subscribe(wish.destination, wish.onMessage, { ...wish.headers })
  }

  return {
    opened: (opened: Link) => {
      link = opened
      for (const wish of wishes) fulfil(wish)
    },

    closed: () => {
      link = undefined
    },

    add: (
      destination: string,
      onMessage: (message: StompMessage) => void,
      headers: Readonly<Record<string, string>> = {},
    ) => {
      const wish: Wish = { destination, onMessage, headers }
      wishes.add(wish)
      fulfil(wish)
      return () => {
        wishes.delete(wish)
        wish.end?.()
      }
    },
  }
}
