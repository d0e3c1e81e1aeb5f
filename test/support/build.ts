// Builds the Worker once for all end-to-end tests, with the command that a deploy uses.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const BUILT = fileURLToPath(new URL('../../dist/worker', import.meta.url))

export default function build(): void {
  execFileSync('npx', ['wrangler', 'deploy', '--dry-run', '--outdir', BUILT], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
