// What is measured, each in a workerd of its own. The socket leads straight to the Worker: neither
// the proxy of `wrangler dev` nor the entry Worker of miniflare stands between.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptionsShape } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { BUILT, ROOT } from '../support/build.ts'
import { childProcesses, processorTime } from './processes.ts'

export interface Server {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string
  /** The processor time that it has taken, in milliseconds; NaN where the system does not tell. */
  processorTime(): number
  close(): Promise<void>
}

type Options = Pick<
  V4WorkerOptionsShape,
  'compatibilityDate' | 'compatibilityFlags' | 'bindings' | 'durableObjects' | 'ratelimits'
>

/** Far more than a client may do: what is looked for is the speed, not the limits. */
const VARS = {
  SEND_PER_SECOND: 1_000_000,
  SEND_BURST: 10_000_000,
  FRAMES_PER_SECOND: 1_000_000,
  FRAMES_BURST: 10_000_000,
}

const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'))
const {
  compatibilityDate = '',
  compatibilityFlags = [],
  bindings = {},
  durableObjects = {},
  ratelimits = {},
} = workerOptions as Options
const runtime = { compatibilityDate, compatibilityFlags }

/** The built Worker as wrangler.toml has it, but for the limits and the static files. */
export function startProduct(): Promise<Server> {
  const script = join(BUILT, 'index.js')
  return start(script, {
    ...runtime,
    durableObjects,
    ratelimits,
    bindings: { ...bindings, ...VARS },
  })
}

/** The bare objects, in the same runtime. */
export function startBare(): Promise<Server> {
  const script = join(import.meta.dirname, 'bare-object.js')
  return start(script, {
    ...runtime,
    durableObjects: {
      BROADCASTER: { className: 'Broadcaster', useSQLite: true },
      KEEPER: { className: 'Keeper', useSQLite: true },
    },
  })
}

async function start(script: string, options: Options): Promise<Server> {
  const before = new Set(childProcesses('workerd'))
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      logRequests: false,
      handleStructuredLogs: () => {},
      workers: [
        {
          ...options,
          name: 'worker',
          modules: [
            { type: 'ESModule', path: 'worker.js', contents: readFileSync(script, 'utf8') },
          ],
          unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
        },
      ],
    }),
  )
  await miniflare.ready
  const [pid] = childProcesses('workerd').filter((each) => !before.has(each))
  const url = await miniflare.unsafeGetDirectURL()
  return {
    url: url.origin,
    processorTime: () => (pid === undefined ? Number.NaN : processorTime(pid)),
    close: () => miniflare.dispose(),
  }
}
