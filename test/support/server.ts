// The built Worker, served over real sockets.

import { createTestHarness } from 'wrangler'
import { BUILT_CHEAP, ROOT } from './build.ts'
import { GENEROUS } from './generous.ts'

export interface Server {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string
  readonly harness: ReturnType<typeof createTestHarness>
  close(): Promise<void>
}

type Variables = Record<string, string | number>

/**
 * Starts the built Worker on a free port with fresh storage. `vars` stand in for those of
 * wrangler.toml and of GENEROUS. The Worker is that of `built`.
 */
export async function startServer(vars: Variables = {}, built = BUILT_CHEAP): Promise<Server> {
  const harness = createTestHarness({
    root: ROOT,
    workers: [
      { configPath: 'wrangler.toml', prebuiltWorkerDir: built, vars: { ...GENEROUS, ...vars } },
    ],
  })
  const { url } = await harness.listen()
  return { url: url.origin, harness, close: () => harness.close() }
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
