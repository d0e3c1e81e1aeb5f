// A process of its own that serves the built Worker and keeps its storage in a folder.
// Arguments: the folder, and a JSON object of variables. Writes its URL to stdout once it serves.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { BUILT, ROOT } from './build.ts'

const [, , resourcePersistencePath, vars = '{}'] = process.argv
if (!resourcePersistencePath) throw new Error('a folder for the storage is wanted')

const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'))
const { compatibilityDate, durableObjects, ratelimits, bindings } = workerOptions
const contents = readFileSync(join(BUILT, 'index.js'), 'utf8')

const options = convertV4MiniflareOptions({
  host: '127.0.0.1',
  port: 0,
  cf: false,
  handleStructuredLogs: () => undefined,
  workers: [
    {
      name: 'stompbox',
      compatibilityDate,
      durableObjects,
      ratelimits,
      bindings: { ...(bindings as object), ...JSON.parse(vars) },
      modules: [{ type: 'ESModule', path: 'index.js', contents }],
    } as V4WorkerOptions,
  ],
})
const miniflare = new Miniflare({ ...options, resourcePersistencePath })
// Whoever started this process holds its stdin: without them it ends.
process.stdin.resume().on('end', () => process.exit())
process.stdout.write(`${(await miniflare.ready).origin}\n`)
