// Builds the Worker once for all end-to-end tests, with the command that a deploy uses.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')
export const BUILT = join(ROOT, 'dist/worker')

export default function build(): void {
  execFileSync('npx', ['wrangler', 'deploy', '--dry-run', '--outdir', BUILT], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
