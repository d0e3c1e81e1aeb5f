// Writes the description of the HTTP API to where it is served: /openapi.json.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeApi } from './openapi/openapi.ts'

const ROOT = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

const FILE = join(ROOT, 'dist/public/openapi.json')

const text = JSON.stringify(await describeApi(version))
// `wrangler dev` builds again when a file of the folder changes.
if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== text) writeFileSync(FILE, text)
