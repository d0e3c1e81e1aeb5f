// The token that the room knows a connection by, replaced in place by a newer one: before something is sent, and when
// two thirds of its life are over. An idle reader renews nothing: its token may end, and the next event brings
// it back with another (A4).

import type { Session } from '../options.ts'
import type { Platform } from '../platform.ts'
import type { Link } from './link.ts'

const RENEW_AT = 2 / 3
const SHORTEST_MS = 1000

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
  /** Undefined without a connection. */
  let shown: string | undefined
  /** When the token shown ends. */
  let end: number | undefined
  let timer: unknown
  /** Something was heard or said since the token was shown. */
  let active = false
  let due = false
  /** One at a time: an older token never follows a newer one. */
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
    const left = (end ?? 0) - platform.now()
    if (left <= 0) return
    timer = platform.setTimeout(onDue, Math.max(SHORTEST_MS, left * RENEW_AT))
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
      // The token shown may still live: the room says what it is good for.
      onProblem(problem)
    }
  }

  function authenticate(token: string) {
    const receipt = platform.newKey()
    link?.watch(receipt, (headers) => last(Date.parse(headers['expires-at'] ?? '')))
    link?.publish('/app/auth', { Authorization: `Bearer ${token}`, receipt }, '')
  }

  /** The room told until when it takes the token shown. */
  function last(expiresAt: number) {
    if (shown === undefined || Number.isNaN(expiresAt)) return
    end = expiresAt
    schedule()
  }

  /** The newest token there is, shown. Never rejects. */
  function renewed() {
    renewing ??= renew().finally(() => {
      renewing = undefined
    })
    return renewing
  }

  return {
    renewed,

    /** The token that a close would be about. */
    get shown() {
      return shown
    },

    opened: (opened: Link, token: string) => {
      link = opened
      hold(token, session.expiresAt?.())
      // A newer one may have come while the connection was made.
      void renewed()
    },

    closed: () => {
      link = undefined
      shown = undefined
      platform.clearTimeout(timer)
    },

    /** Something was heard or said. */
    touch: () => {
      active = true
      if (due) onDue()
    },
  }
}
