// The built Worker in workerd, with the faults of faulty-worker.js beside it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { BUILT, ROOT } from '../../support/build.ts'
import { GENEROUS } from '../../support/generous.ts'

/** Faults that come from inside, and what each takes. */
export interface Faults {
  /** The object ends at once: its memory, its connections and what is not committed are gone. */
  crash: Record<string, never>
  /** It crashes in the turn in which a session is sent to so many times, or right after it. */
  charge: { session: string; sends: number; later: boolean }
  /** Rows of the log cannot be written, or changed. */
  fail: { which: 'insert' | 'update' | 'nothing' }
  /** Its memory is gone; its connections stay, or not. */
  evict: { webSockets: 'hibernate' | 'close' }
  /**
   * Its memory is gone though it waits for a timer, and the timer with it; its connections stay.
   */
  forget: Record<string, never>
  /** What a session is sent does not leave. */
  congest: { session: string; on: boolean }
}

export interface StormServer {
  readonly url: string
  /** Lines that the Worker wrote as errors, but for those that tell of the storm's own faults. */
  readonly errors: readonly string[]
  do<Fault extends keyof Faults>(fault: Fault, room: string, how: Faults[Fault]): Promise<string>
  close(): Promise<void>
}

/** The limits are out of the way: the storm is not about them. */
const VARS = {
  ...GENEROUS,
  SOCKETS_PER_PRINCIPAL: 1000,
  SEND_PER_SECOND: 10_000,
  SEND_BURST: 10_000,
  FRAMES_PER_SECOND: 10_000,
  FRAMES_BURST: 10_000,
  // A WebSocket message may be sixteen times as large: some say hundreds of messages in one.
  MAX_FRAME_BYTES: 1_048_576,
}

export async function startStormServer(
  vars: Record<string, string | number> = {},
): Promise<StormServer> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'))
  const { compatibilityDate, compatibilityFlags, durableObjects, ratelimits, bindings } =
    workerOptions
  const errors: string[] = []
  const modules = [
    ['index.js', join(import.meta.dirname, 'faulty-worker.js')],
    ['built.js', join(BUILT, 'index.js')],
  ] as const
  const options = convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    handleStructuredLogs({ level, message }) {
      // What went wrong is a line of its own, beside the one that names the request.
      if (level === 'log' || message.startsWith('{"event":"request-failed"')) return
      if (!message.includes('storm: ')) errors.push(`${level}: ${message}`)
    },
    workers: [
      {
        name: 'stompbox',
        compatibilityDate,
        compatibilityFlags: [...(compatibilityFlags as string[]), 'unsafe_module'],
        durableObjects,
        ratelimits,
        bindings: { ...(bindings as object), ...VARS, ...vars },
        modules: modules.map(([path, file]) => ({
          type: 'ESModule',
          path,
          contents: readFileSync(file, 'utf8'),
        })),
      } as V4WorkerOptions,
    ],
  })
  const miniflare = new Miniflare(options)
  const { origin } = await miniflare.ready
  return {
    url: origin,
    errors,
    async do(fault, room, how) {
      const url = `${origin}/storm/${fault}/${room}`
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify(how) })
      return answer.text()
    },
    close: () => miniflare.dispose(),
  }
}
