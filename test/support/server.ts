// The built Worker with its page, served over real sockets by one process of workerd.
// `wrangler dev` stands two proxies before it, which cost more than all that the Worker does.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  convertV4MiniflareOptions,
  type DurableObjectEvictionOptions,
  Miniflare,
  type V4WorkerOptions,
  type WorkerdStructuredLog,
} from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { BUILT_CHEAP, ROOT } from './build.ts'
import { GENEROUS } from './generous.ts'

export interface Server {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string
  readonly harness: Harness
  close(): Promise<void>
}

/** What a test does to a server from behind, as the test harness of wrangler names it. */
export interface Harness {
  /** What the Worker wrote since the log was emptied. */
  getLogs(): readonly WorkerdStructuredLog[]
  clearLogs(): void
  getWorker(): {
    /** Throws an object out of memory. */
    evictDurableObject(binding: string, options: DurableObjectEvictionOptions): Promise<void>
  }
}

type Variables = Record<string, string | number>

const NAME = 'stompbox'

/**
 * Starts the built Worker on a free port with fresh storage. `vars` stand in for those of
 * wrangler.toml and of GENEROUS. The Worker is that of `built`.
 */
export async function startServer(vars: Variables = {}, built = BUILT_CHEAP): Promise<Server> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'))
  const { compatibilityDate, compatibilityFlags, assets } = workerOptions
  const { durableObjects, bindings, ratelimits } = workerOptions as unknown as Bound
  const limits = Object.entries(ratelimits).filter(([name]) => !Object.hasOwn(vars, name))
  const contents = readFileSync(join(built, 'index.js'), 'utf8')
  let lines: WorkerdStructuredLog[] = []
  const options = convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    // Evicts objects.
    unsafeInspectDurableObjects: true,
    handleStructuredLogs: (line) => {
      lines.push(line)
    },
    workers: [
      {
        ...{ name: NAME, compatibilityDate, compatibilityFlags, durableObjects, assets },
        ratelimits: Object.fromEntries(limits),
        bindings: { ...bindings, ...GENEROUS, ...vars },
        modules: [{ type: 'ESModule', path: 'index.js', contents }],
      } as V4WorkerOptions,
    ],
  })
  const miniflare = new Miniflare(options)
  const evictDurableObject = (binding: string, options: DurableObjectEvictionOptions) =>
    miniflare.unsafeEvictDurableObject(NAME, durableObjects[binding]?.className ?? '', options)
  const harness: Harness = {
    getLogs: () => [...lines],
    clearLogs: () => {
      lines = []
    },
    getWorker: () => ({ evictDurableObject }),
  }
  const { origin } = await miniflare.ready
  return { url: origin, harness, close: () => miniflare.dispose() }
}

/** What wrangler.toml binds. */
interface Bound {
  readonly durableObjects: Record<string, { readonly className: string }>
  readonly bindings: Record<string, unknown>
  readonly ratelimits: Record<string, unknown>
}

/** Variables of the shared server, on which nobody meets a limit of a connection. */
export const SHARED = {
  SOCKETS_PER_PRINCIPAL: 1000,
  SEND_PER_SECOND: 1000,
  SEND_BURST: 10_000,
  QUEUE_CONSUMERS: 'writer',
}

let shared: Promise<Server> | undefined

/**
 * Gives the server that all test files of a process share, with an empty log of its own output.
 * A test makes rooms and people of its own. Close does nothing: the server ends with the process.
 */
export async function sharedServer(): Promise<Server> {
  shared ??= startServer(SHARED)
  const server = await shared
  server.harness.clearLogs()
  return { ...server, close: async () => undefined }
}
