// Serves the built client library and stompjs to a page of the deployment, under its own origin:
// its policy lets no other script run.

import { readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import type { Page } from 'playwright-core'
import { ROOT } from './build.ts'

const STOMPJS = join(ROOT, 'node_modules/@stomp/stompjs/esm6')

/**
 * Afterwards the page may `import('/library/client/index.js')` and
 * `import('/library/stompjs/index.js')`.
 */
export async function serveLibrary(page: Page, client = join(ROOT, 'dist/client')): Promise<void> {
  await page.route('**/library/**', async (route) => {
    const [, name = '', path = ''] =
      /^\/library\/(\w+)\/(.*)$/.exec(new URL(route.request().url()).pathname) ?? []
    const file = join(name === 'client' ? client : STOMPJS, normalize(path))
    await route.fulfill({ contentType: 'text/javascript', body: readFileSync(file, 'utf8') })
  })
}
