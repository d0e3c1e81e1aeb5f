// How the documents and the comments are written, as far as a program can tell.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ENTRY_COST, ROUTE_COSTS } from '../../src/gateway/request-costs.ts'

const ROOT = join(import.meta.dirname, '../..')
const MOST_COLUMNS = 120

const PAGES = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]

/** The lines of paragraphs and list items: rows of tables and code cannot be wrapped. */
function prose(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return text
    .replace(/^ *```.*?^ *```$/gms, '')
    .split('\n')
    .filter((line) => !line.startsWith('|'))
}

describe('the documents', () => {
  it.each(PAGES)('%s wraps its paragraphs', (page) => {
    expect(prose(page).length).toBeGreaterThan(10)
    expect(prose(page).filter((line) => line.length > MOST_COLUMNS)).toEqual([])
  })
})

it('[R5] docs/protocol.md tells what each request counts as', () => {
  const text = readFileSync(join(ROOT, 'docs/protocol.md'), 'utf8').replace(/\s+/g, ' ')
  const page = ROUTE_COSTS['GET /api/rooms/:id/events']
  const [ticket, room] = [
    ROUTE_COSTS['POST /api/rooms/:id/tickets'],
    ROUTE_COSTS['POST /api/rooms'],
  ]
  expect(ROUTE_COSTS['GET /api/rooms']).toBe(page)
  expect(text).toContain(
    `rooms and a page of events ${page}, a ticket ${ticket}, a new room ${room}.`,
  )
  expect(text).toContain(
    `An upgrade within a second of its ticket counts as none, any other as ${ENTRY_COST}.`,
  )
})

describe('the comments', () => {
  const FOLDERS = ['src', 'public', 'test']
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:ts|js|css|html)$/.test(file) && !file.startsWith('vendor'))
      .map((file) => join(folder, file)),
  )
  const BECAUSE = /(?:\/\/|\/\*\*?|^ *\*|<!--|^#) *Because\b.*/gm

  it('are sentences of their own: none begins with "Because"', () => {
    expect(files.length).toBeGreaterThan(500)
    const fragments = [...files, 'wrangler.toml', 'vitest.config.ts'].flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(BECAUSE)].map(
        ([line]) => `${file}: ${line}`,
      ),
    )
    expect(fragments).toEqual([])
  })
})
