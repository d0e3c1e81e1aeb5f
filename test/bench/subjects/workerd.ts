// A Worker in a workerd of its own. The socket leads straight to the Worker: neither the proxy of
// `wrangler dev` nor the entry Worker of miniflare stands between.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptionsShape } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { ROOT } from '../../support/build.ts'
import { childProcesses, Measured } from '../processes.ts'

export interface WorkerServer {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string
  readonly process: Measured
  /** Drops an object from memory; its sockets stay. */
  evict(className: string, name: string): Promise<void>
  close(): Promise<void>
}

export type WorkerOptions = Pick<
  V4WorkerOptionsShape,
  'compatibilityDate' | 'compatibilityFlags' | 'bindings' | 'durableObjects' | 'ratelimits'
>

/** What the others share with Stompbox. */
export const RUNTIME: WorkerOptions = (() => {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'))
  const { compatibilityDate = '', compatibilityFlags = [] } = workerOptions as WorkerOptions
  return { compatibilityDate, compatibilityFlags }
})()

/** One after the other: a server's process is told by its being new. */
let before: Promise<unknown> = Promise.resolve()

/** @param storage the folder where objects keep their rows; a new one where there is none. */
export function startWorker(
  script: string,
  options: WorkerOptions,
  storage?: string,
): Promise<WorkerServer> {
  const started = before.then(() => start(script, options, storage))
  before = started.catch(() => {})
  return started
}

async function start(
  script: string,
  options: WorkerOptions,
  storage: string | undefined,
): Promise<WorkerServer> {
  const others = new Set(childProcesses('workerd'))
  const name = 'worker'
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      logRequests: false,
      handleStructuredLogs: () => {},
      ...(storage && { resourcePersistencePath: storage }),
      workers: [
        {
          ...options,
          name,
          modules: [
            { type: 'ESModule', path: 'worker.js', contents: readFileSync(script, 'utf8') },
          ],
          unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
        },
      ],
    }),
  )
  await miniflare.ready
  const pids = childProcesses('workerd').filter((each) => !others.has(each))
  const url = await miniflare.unsafeGetDirectURL()
  return {
    url: url.origin,
    process: new Measured(() => pids),
    async evict(className, object) {
      const options = { name: object, webSockets: 'hibernate' } as const
      await miniflare.unsafeEvictDurableObject(name, className, options).catch((error: Error) => {
        // The object may have been evicted by itself meanwhile.
        if (!error.message.includes('not currently running')) throw error
      })
    },
    close: () => miniflare.dispose(),
  }
}
