// Builds the Worker and its page once for all end-to-end tests, with the command that a deploy
// uses; and the client library.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')
/** As it is deployed. */
export const BUILT = join(ROOT, 'dist/worker')
/** The same but for the cost of a password, which is a fifth of a second of a core on purpose. */
export const BUILT_CHEAP = join(ROOT, 'dist/worker-cheap')

/** PARAMETERS of src/auth/passwords/password.ts, and what stands for them in BUILT_CHEAP. */
const SCRYPT = '{ ln: 14, r: 8, p: 5 }'
const CHEAP_SCRYPT = '{ ln: 4, r: 8, p: 1 }'

export default function build(): void {
  run('npx', 'wrangler', 'deploy', '--dry-run', '--outdir', BUILT)
  buildCheap()
  run('npm', 'run', 'build:client')
}

function buildCheap(): void {
  const parts = readFileSync(join(BUILT, 'index.js'), 'utf8').split(SCRYPT)
  if (parts.length !== 2) throw new Error(`${SCRYPT} is not in the built Worker once`)
  mkdirSync(BUILT_CHEAP, { recursive: true })
  writeFileSync(join(BUILT_CHEAP, 'index.js'), parts.join(CHEAP_SCRYPT))
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
}
