// The application's subscriptions to channels and queues. They are made again on each connection.

import type { Link } from './connection/link.ts'
import type { StompMessage } from './stomp-client.ts'

/** A subscription that the application wants; `end` unsubscribes on the connection of now. */
type Wanted = {
  destination: string
  onMessage: (message: StompMessage) => void
  headers: Readonly<Record<string, string>>
  end?: (() => void) | undefined
}

/** Keeps the subscriptions. `opened` and `closed` tell it of the connection. */
export function createSubscriptions() {
  const wanted: Set<Wanted> = new Set()
  let link: Link | undefined

  function subscribe(one: Wanted) {
    one.end = link?.subscribe(one.destination, one.onMessage, { ...one.headers })
  }

  return {
    opened: (opened: Link) => {
      link = opened
      for (const one of wanted) subscribe(one)
    },

    closed: () => {
      link = undefined
    },

    add: (
      destination: string,
      onMessage: (message: StompMessage) => void,
      headers: Readonly<Record<string, string>> = {},
    ) => {
      const one: Wanted = { destination, onMessage, headers }
      wanted.add(one)
      subscribe(one)
      return () => {
        wanted.delete(one)
        one.end?.()
      }
    },
  }
}
