// One lasting connection made of many short ones: waits its turn, fetches what a connect needs, opens,
// and comes back unless the server says not to. Knows nothing of rooms.

import type { State } from '../options.ts'
import type { Life, Platform } from '../platform.ts'
import { within } from '../platform.ts'
import type { Timing } from '../timing.ts'
import { backOff } from './back-off.ts'
import type { Link } from './link.ts'
import type { Close, RetryDecision } from './retry-policy.ts'
import { decisionAfterClose } from './retry-policy.ts'

export type Pass = { kind: 'pass'; url: string; token: string }

/** @param needs `life`: of the client. `lack`: what the platform cannot do */
export function createConnection(needs: {
  prepare: () => Promise<Pass | RetryDecision>
  open: (pass: Pass, onOpen: () => void, onClose: (close: Close) => void) => Link
  onState: (state: State) => void
  onOpen: (link: Link, token: string) => void
  onClose: (close: Close, token: string) => void
  platform: Platform
  timing: Timing
  life: Life
  lack: () => Error | undefined
  onProblem: (problem: unknown) => void
}) {
  const { prepare, open, onState, onOpen, onClose, platform, timing, life, lack, onProblem } = needs
  let attempt = 0
  let wasOpen = false
  /** Before this the server does not want to be asked again; milliseconds since 1970. */
  let earliest = 0
  /** Somebody does not want to wait. */
  let hurried = false
  let link: Link | undefined
  /** Ends a wait before its time. */
  let wake: (() => void) | undefined
  let stopListening: (() => void) | undefined

  async function run() {
    const problem = lack()
    if (problem) {
      onProblem(problem)
      return onState({ phase: 'ended', code: 'platform-lacking' })
    }
    let delay = 0
    /** The reason of the wait, for the reader. */
    let code: string | undefined
    while (!life.over) {
      await turn(delay, code)
      if (life.over) return
      onState({ phase: 'connecting', again: wasOpen })
      const decision = await connectOnce()
      if (decision.kind === 'end') return onState({ phase: 'ended', code: decision.code })
      const asked = Math.min(decision.after ?? 0, timing.longestAsked)
      // Those who were sent away together do not come back in one moment.
      const usual = backOff(attempt, decision.wait, platform.random, timing)
      delay = asked > 0 ? Math.max(usual, asked + platform.random() * timing.firstWait) : usual
      earliest = platform.now() + asked
      code = decision.code
      attempt += 1
    }
  }

  /** @returns what its end means */
  async function connectOnce(): Promise<RetryDecision> {
    const pass = await within(platform, timing.preparing, prepare(), life).catch(() => LATE)
    if (pass.kind !== 'pass') return pass
    if (life.over) return LATE
    return await new Promise((resolve) => {
      let openedAt = Number.POSITIVE_INFINITY
      const opening = open(
        pass,
        () => {
          openedAt = platform.now()
          wasOpen = true
          onState({ phase: 'connected' })
          onOpen(opening, pass.token)
        },
        (close) => {
          if (platform.now() - openedAt >= timing.lasting) attempt = 0
          onClose(close, pass.token)
          resolve(decisionAfterClose(close))
        },
      )
      link = opening
    })
  }

  /** Waits out the back-off; without a network, until there is one. */
  async function turn(delay: number, code: string | undefined) {
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
    // A network that came back is no reason to ask a server that wants to be left alone.
    if (left > 0 && !hurried && !life.over) await turn(left, code)
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
