// PartyServer, the library of Cloudflare for rooms on Durable Objects, in workerd.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { BUILT, ROOT } from '../../support/build.ts'
import { openSubject, type Subject, times } from './subject.ts'
import { RUNTIME, startWorker } from './workerd.ts'

export async function partyServer(): Promise<Subject> {
  const folder = join(BUILT, '../party')
  const config = join(import.meta.dirname, 'party/wrangler.toml')
  const build = ['wrangler', 'deploy', '--dry-run', '--config', config, '--outdir', folder]
  execFileSync('npx', build, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const { url, process, close } = await startWorker(join(folder, 'worker.js'), {
    ...RUNTIME,
    durableObjects: { Party: { className: 'Party', useSQLite: true } },
  })
  const about = 'a hibernating room of PartyServer: nothing kept, no sign-in'
  return openSubject({ name: 'PartyServer', about, process, close }, (count) => {
    const room = new URL(`/parties/party/${crypto.randomUUID()}`, url).href
    return times(count, { url: room, greeting: [], message: '{content}' })
  })
}
