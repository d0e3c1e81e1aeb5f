// @ts-check
// One lasting connection made of many short ones: waits its turn, fetches what a connect needs, opens,
// and comes back unless the server says not to. Knows nothing of rooms.
import { backOff } from './back-off.js'
import { within } from './platform.js'
import { verdictOfClose } from './verdict.js'

/** @typedef {import('./link.js').Link} Link */
/** @typedef {import('./verdict.js').Close} Close */
/** @typedef {import('./verdict.js').Verdict} Verdict */
/** @typedef {import('./room-client.js').State} State */
/** @typedef {{ kind: 'pass', url: string, token: string }} Pass */

/**
 * @param {{
 *   prepare: () => Promise<Pass | Verdict>,
 *   open: (pass: Pass, onOpen: () => void, onClose: (close: Close) => void) => Link,
 *   onState: (state: State) => void,
 *   onOpen: (link: Link, token: string) => void,
 *   onClose: (close: Close, token: string) => void,
 *   platform: import('./room-client.js').Platform,
 *   timing: import('./room-client.js').Timing,
 *   life: import('./platform.js').Life,
 *   lack: () => Error | undefined,
 *   onProblem: (problem: unknown) => void,
 * }} needs `life`: of the client. `lack`: what the platform cannot do
 */
export function createConnection(needs) {
  const { prepare, open, onState, onOpen, onClose, platform, timing, life, lack, onProblem } = needs
  let attempt = 0
  let wasOpen = false
  /** Before this the server does not want to be asked again; milliseconds since 1970. */
  let earliest = 0
  /** Somebody does not want to wait. */
  let hurried = false
  /** @type {Link | undefined} */
  let link
  /** @type {(() => void) | undefined} ends a wait before its time */
  let wake
  /** @type {(() => void) | undefined} */
  let stopListening

  async function run() {
    const problem = lack()
    if (problem) {
      onProblem(problem)
      return onState({ phase: 'ended', code: 'platform-lacking' })
    }
    let delay = 0
    /** @type {string | undefined} the reason of the wait, for the reader */
    let code
    while (!life.over) {
      await turn(delay, code)
      if (life.over) return
      onState({ phase: 'connecting', again: wasOpen })
      const verdict = await connectOnce()
      if (verdict.kind === 'end') return onState({ phase: 'ended', code: verdict.code })
      const asked = Math.min(verdict.after ?? 0, timing.longestAsked)
      // Those who were sent away together do not come back in one moment.
      const usual = backOff(attempt, verdict.wait, platform.random, timing)
      delay = asked > 0 ? Math.max(usual, asked + platform.random() * timing.firstWait) : usual
      earliest = platform.now() + asked
      code = verdict.code
      attempt += 1
    }
  }

  /** @returns {Promise<Verdict>} what its end means */
  async function connectOnce() {
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
          resolve(verdictOfClose(close))
        },
      )
      link = opening
    })
  }

  /**
   * Waits out the back-off; without a network, until there is one.
   * @param {number} delay
   * @param {string | undefined} code
   */
  async function turn(delay, code) {
    const offline = !platform.isOnline()
    const wait = offline ? timing.offlineLook : delay
    if (wait === 0) return
    if (offline) onState({ phase: 'offline' })
    else onState({ phase: 'waiting', until: platform.now() + wait, ...(code ? { code } : {}) })
    /** @type {unknown} */
    let timer
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

/** @type {Verdict} */
const LATE = { kind: 'reconnect', wait: 'usual', code: 'unreachable' }
