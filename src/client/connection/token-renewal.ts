// Passes newer tokens to the room on the open connection: before each send, and at two thirds of
// the token's life. An idle connection renews nothing. When its token has expired, the next event
// ends it, and it reconnects with a newer token (A4).

import type { Session } from '../options.ts'
import type { Platform } from '../platform.ts'
import type { Link } from './link.ts'
import { renewalDue } from './renewal-due.ts'

const SHORTEST_MS = 1000

/** Passes newer tokens on. `opened` and `closed` tell it of the connection. */
export function createTokenRenewal({
  session,
  onProblem,
  platform,
}: {
  session: Session
  onProblem: (problem: unknown) => void
  platform: Platform
}) {
  let link: Link | undefined
  /** The token that the room has. Undefined without a connection. */
  let shown: string | undefined
  /** When that token expires. */
  let end: number | undefined
  let timer: unknown
  /** Something was sent or received with this token. */
  let active = false
  let due = false
  /** One renewal at a time, so that an older token never follows a newer one. */
  let renewing: Promise<void> | undefined

  function hold(token: string, expiresAt: number | undefined) {
    shown = token
    end = expiresAt
    active = false
    schedule()
  }

  function schedule() {
    platform.clearTimeout(timer)
    due = false
    const now = platform.now()
    if (end === undefined || end <= now) return
    timer = platform.setTimeout(onDue, Math.max(SHORTEST_MS, renewalDue(now, end) - now))
  }

  function onDue() {
    due = !active
    if (active) void renewed().then(schedule)
  }

  async function renew() {
    try {
      const token = await session.accessToken()
      if (shown === undefined || token === shown) return
      hold(token, session.expiresAt?.())
      authenticate(token)
    } catch (problem) {
      // The room's token may still be valid. The room decides.
      onProblem(problem)
    }
  }

  function authenticate(token: string) {
    const receipt = platform.newKey()
    link?.watch(receipt, (headers) => last(Date.parse(headers['expires-at'] ?? '')))
    link?.publish('/pub/auth', { Authorization: `Bearer ${token}`, receipt }, '')
  }

  /** The room answered when it will stop accepting the token. */
  function last(expiresAt: number) {
    if (shown === undefined || Number.isNaN(expiresAt)) return
    end = expiresAt
    schedule()
  }

  /** Passes the newest token to the room, if it is new. Never rejects. */
  function renewed() {
    renewing ??= renew().finally(() => {
      renewing = undefined
    })
    return renewing
  }

  return {
    renewed,

    /** The token that a close for an invalid token is about. */
    get shown() {
      return shown
    },

    opened: (opened: Link, token: string) => {
      link = opened
      hold(token, session.expiresAt?.())
      // The session may have renewed while the connection was made.
      void renewed()
    },

    closed: () => {
      link = undefined
      shown = undefined
      platform.clearTimeout(timer)
    },

    /** Call it when something was sent or received. */
    touch: () => {
      active = true
      if (due) onDue()
    },
  }
}
