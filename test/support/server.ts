// The built Worker, served over real sockets.

import { createTestHarness } from 'wrangler'
import { BUILT, ROOT } from './build.ts'
import { GENEROUS } from './generous.ts'

export interface Server {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string
  readonly harness: ReturnType<typeof createTestHarness>
  close(): Promise<void>
}

/** Starts the built Worker on a free port with fresh storage. `vars` stand in for those of wrangler.toml and of GENEROUS. */
export async function startServer(vars: Record<string, string | number> = {}): Promise<Server> {
  const harness = createTestHarness({
    root: ROOT,
    workers: [
      { configPath: 'wrangler.toml', prebuiltWorkerDir: BUILT, vars: { ...GENEROUS, ...vars } },
    ],
  })
  const { url } = await harness.listen()
  return { url: url.origin, harness, close: () => harness.close() }
}
