// The built Worker in workerd itself, with nothing before it and nothing beside it: it serves in a
// fifth of a second, one process is all there is to kill or to weigh, and its sockets are those of
// the room.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { BUILT, ROOT } from './build.ts'
import { GENEROUS } from './generous.ts'

export interface BareServer {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string
  readonly pid: number
  /** What it wrote so far. */
  readonly output: string
  /** Bytes of memory that it holds; NaN where the system does not tell. */
  memory(): number
  /** Kills it, as a power cut would, at once; resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts a server whose storage is in a folder. `vars` stand in for those of wrangler.toml. */
export async function startBareServer(
  folder: string,
  vars: Record<string, string | number> = {},
): Promise<BareServer> {
  const config = join(folder, 'config.capnp')
  mkdirSync(join(folder, 'storage'), { recursive: true })
  writeFileSync(config, configuration(join(folder, 'storage'), vars))
  // A file that grows over a limit of the system (a disk that is full) is an error, and not the end
  // of it.
  const patient = ['-c', 'trap "" XFSZ; exec "$0" "$@"']
  const command = [WORKERD, 'serve', config, '--experimental', '--control-fd=3']
  const child = spawn('sh', [...patient, ...command], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  const exited = once(child, 'exit').then(() => process.off('exit', end))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const port = await Promise.race([portOf(child.stdio[3] as Readable), exited])
  const { pid } = child
  if (typeof port !== 'number' || pid === undefined) throw new Error(`it did not serve: ${output}`)
  return {
    url: `http://127.0.0.1:${port}`,
    pid,
    get output() {
      return output
    },
    memory: () => residentMemory(pid),
    async kill() {
      end()
      await exited
    },
  }
}

/** The port, as workerd tells once it listens. */
async function portOf(control: Readable): Promise<number> {
  const [line] = await once(control.setEncoding('utf8'), 'data')
  return JSON.parse(String(line)).port
}

/** The executable: miniflare brings it, unless its variable names another. */
const miniflare = createRequire(import.meta.url).resolve('miniflare')
const WORKERD: string =
  process.env.MINIFLARE_WORKERD_PATH ?? createRequire(miniflare)('workerd').default

/** The limit of sign-ins that the platform brings: here there is none. */
const NO_LIMIT = `import { WorkerEntrypoint } from 'cloudflare:workers'
export default class extends WorkerEntrypoint { limit() { return { success: true } } }`

/** What of wrangler.toml counts here. */
interface Options {
  readonly compatibilityDate?: string
  readonly bindings?: Record<string, unknown>
  readonly durableObjects?: Record<string, { readonly className: string }>
  readonly ratelimits?: Record<string, unknown>
}

/** The configuration of workerd (workerd.capnp), from that of the deployment. */
function configuration(storage: string, vars: Record<string, string | number>): string {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'))
  const { compatibilityDate, ...bound } = workerOptions as Options
  const { bindings, durableObjects = {}, ratelimits = {} } = bound
  const text = JSON.stringify
  const objects = Object.entries(durableObjects)
  const allBindings = [
    ...objects.map(([name, { className }]) => [
      name,
      `durableObjectNamespace = ${text(className)}`,
    ]),
    ...Object.keys(ratelimits).map((name) => [name, 'service = "no-limit"']),
    ...Object.entries({ ...bindings, ...GENEROUS, ...vars }).map(([name, value]) => [
      name,
      `json = ${text(text(value))}`,
    ]),
  ].map(([name = '', value]) => `(name = ${text(name)}, ${value})`)
  const namespaces = objects.map(
    ([, { className }]) =>
      `(className = ${text(className)}, uniqueKey = ${text(className)}, enableSql = true)`,
  )
  const date = `compatibilityDate = ${text(compatibilityDate)}`
  const script = readFileSync(join(BUILT, 'index.js'), 'utf8')
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "stompbox", worker = (
      modules = [(name = "index.js", esModule = ${text(script)})],
      ${date},
      bindings = [${allBindings.join(', ')}],
      durableObjectNamespaces = [${namespaces.join(', ')}],
      durableObjectStorage = (localDisk = "storage"),
    )),
    (name = "no-limit", worker = (
      modules = [(name = "no-limit.js", esModule = ${text(NO_LIMIT)})],
      ${date},
    )),
    (name = "storage", disk = (path = ${text(storage)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "stompbox")],
);
`
}

/** See proc_pid_status(5). */
function residentMemory(pid: number): number {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) * 1024
  } catch {
    return Number.NaN
  }
}
