// Builds the Worker and its page once for all end-to-end tests, with the command that a deploy
// uses; and the client library.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')
export const BUILT = join(ROOT, 'dist/worker')

export default function build(): void {
  run('npx', 'wrangler', 'deploy', '--dry-run', '--outdir', BUILT)
  run('npm', 'run', 'build:client')
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
}
