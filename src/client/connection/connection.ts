// Keeps a connection: waits for the back-off, fetches what a connect needs, opens a link, and
// reconnects unless the server says not to. It knows nothing of rooms.

import type { State } from '../options.ts'
import type { Lifetime, Platform } from '../platform.ts'
import { withTimeout } from '../platform.ts'
import type { Timing } from '../timing.ts'
import { backOff } from './back-off.ts'
import type { Link } from './link.ts'
import type { Close, RetryDecision } from './retry-policy.ts'
import { decisionAfterClose } from './retry-policy.ts'

/** What a connection is opened with. */
export type Prepared = { kind: 'prepared'; url: string; token: string }

/**
 * Keeps one connection open from `start` to `stop`, or until the server says not to come back.
 *
 * @param needs `life`: of the client. `missing`: what the platform cannot do
 */
export function createConnection(needs: {
  prepare: () => Promise<Prepared | RetryDecision>
  open: (prepared: Prepared, onOpen: () => void, onClose: (close: Close) => void) => Link
  onState: (state: State) => void
  onOpen: (link: Link, token: string) => void
  onClose: (close: Close, token: string) => void
  platform: Platform
  timing: Timing
  life: Lifetime
  missing: () => Error | undefined
  onProblem: (problem: unknown) => void
}) {
  const { prepare, open, onState, onOpen, onClose, platform, timing, life, missing, onProblem } =
    needs
  let attempt = 0
  let wasOpen = false
  /** The server asked not to be called before this time, in milliseconds since 1970. */
  let earliest = 0
  /** `hurry` was called. */
  let hurried = false
  let link: Link | undefined
  /** Ends the current wait. */
  let wake: (() => void) | undefined
  let stopListening: (() => void) | undefined

  async function run() {
    const problem = missing()
    if (problem) {
      onProblem(problem)
      return onState({ phase: 'ended', code: 'platform-lacking' })
    }
    let delay = 0
    /** Why it waits, for the application. */
    let code: string | undefined
    while (!life.over) {
      await waitForRetry(delay, code)
      if (life.over) return
      onState({ phase: 'connecting', again: wasOpen })
      const decision = await connectOnce()
      if (decision.kind === 'end') {
        const { kind: _, ...why } = decision
        return onState({ phase: 'ended', ...why })
      }
      const asked = Math.min(decision.after ?? 0, timing.longestAsked)
      // Clients that were disconnected together must not reconnect at the same moment.
      const usual = backOff(attempt, decision.wait, platform.random, timing)
      delay = asked > 0 ? Math.max(usual, asked + platform.random() * timing.firstWait) : usual
      earliest = platform.now() + asked
      code = decision.code
      attempt += 1
    }
  }

  /** Resolves when the connection is over, with what to do next. */
  async function connectOnce(): Promise<RetryDecision> {
    const prepared = await withTimeout(platform, timing.preparing, prepare(), life).catch(
      () => LATE,
    )
    if (prepared.kind !== 'prepared') return prepared
    if (life.over) return LATE
    return await new Promise((resolve) => {
      let openedAt = Number.POSITIVE_INFINITY
      const opening = open(
        prepared,
        () => {
          openedAt = platform.now()
          wasOpen = true
          onState({ phase: 'connected' })
          onOpen(opening, prepared.token)
        },
        (close) => {
          if (platform.now() - openedAt >= timing.lasting) attempt = 0
          onClose(close, prepared.token)
          resolve(decisionAfterClose(close))
        },
      )
      link = opening
    })
  }

  /** Waits for the back-off to end, or without a network, for the network. */
  async function waitForRetry(delay: number, code: string | undefined) {
    const offline = !platform.isOnline()
    const wait = offline ? timing.offlineLook : delay
    if (wait === 0) return
    if (offline) onState({ phase: 'offline' })
    else onState({ phase: 'waiting', until: platform.now() + wait, ...(code ? { code } : {}) })
    let timer: unknown
    hurried = false
    await new Promise((resolve) => {
      wake = () => resolve(undefined)
      timer = platform.setTimeout(wake, wait)
    })
    platform.clearTimeout(timer)
    wake = undefined
    const left = earliest - platform.now()
    // A network that is back is no reason to call a server that asked for a pause.
    if (left > 0 && !hurried && !life.over) await waitForRetry(left, code)
  }

  const nudge = () => wake?.()
  const hurry = () => {
    hurried = true
    nudge()
  }
  const drop = () => link?.drop()

  return {
    hurry,
    drop,

    start: () => {
      stopListening = platform.onNetwork(nudge, drop)
      void run().finally(stopListening)
    },

    /** Resolves when the socket is gone. */
    stop: async () => {
      stopListening?.()
      wake?.()
      await link?.leave()
    },

    probe: () => {
      nudge()
      link?.probe()
    },
  }
}

const LATE: RetryDecision = { kind: 'reconnect', wait: 'usual', code: 'unreachable' }
