// How the documents and the comments are written, as far as a program can tell.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROUTE_COSTS, UPGRADE_COST } from '../../src/gateway/request-costs.ts'
import { REFUSALS } from '../../src/refusals.ts'
import { RULES } from '../../src/room/rules.ts'
import { Variables } from '../../src/variables.ts'
import { PAGES, proseOf, samplesOf, textOfPage } from '../support/samples.ts'

const ROOT = join(import.meta.dirname, '../..')
const MOST_COLUMNS = 120

/** The lines of paragraphs and list items: rows of tables and code cannot be wrapped. */
const paragraphs = (page: string) => proseOf(page).filter((line) => !line.startsWith('|'))

describe('the documents', () => {
  it.each(PAGES)('%s wraps its paragraphs', (page) => {
    expect(paragraphs(page).length).toBeGreaterThan(10)
    expect(paragraphs(page).filter((line) => line.length > MOST_COLUMNS)).toEqual([])
  })

  it('are these pages, one for each reader', () => {
    expect(PAGES).toEqual([
      ...['README.md', 'CHANGELOG.md', 'docs/architecture.md', 'docs/authentication.md'],
      ...['docs/client.md', 'docs/clients.md', 'docs/decisions.md', 'docs/deploy-and-operate.md'],
      ...['docs/getting-started.md', 'docs/performance.md', 'docs/protocol.md'],
      ...['docs/rooms-and-messages.md', 'docs/security.md'],
    ])
  })

  it.each(PAGES)('%s links to pages, headings and files that exist', (page) => {
    const links = [
      ...proseOf(page)
        .join('\n')
        .matchAll(/\]\(([^)\s]+)\)/g),
    ].map(([, to = '']) => to)
    expect(links.filter((to) => !/^https?:/.test(to) && !resolves(page, to))).toEqual([])
  })

  it.each(PAGES)('%s names files and folders of the repository that exist', (page) => {
    const names = [
      ...proseOf(page)
        .join('\n')
        .matchAll(
          /`((?:src|test|scripts|public|room|objects|account|gateway|auth|stomp|client|page)\/[\w./*-]+)`/g,
        ),
    ]
    const missing = names.map(([, name = '']) => name).filter((name) => !isThere(name))
    expect(missing).toEqual([])
  })
})

function resolves(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(ROOT, target))) return false
  return heading === undefined || anchorsOf(target).has(heading)
}

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (page: string) =>
  new Set(
    proseOf(page).flatMap((line) => {
      const [, heading] = /^#+ (.+)$/.exec(line) ?? []
      if (heading === undefined) return []
      return [
        heading
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, '')
          .replaceAll(' ', '-'),
      ]
    }),
  )

/**
 * Whether a file or a folder exists, in the repository or in src/. `*` stands for any part of a
 * name.
 */
function isThere(name: string): boolean {
  return [ROOT, join(ROOT, 'src')].some((folder) => {
    const path = join(folder, name)
    if (!name.includes('*')) return existsSync(path)
    if (!existsSync(dirname(path))) return false
    const [before = '', after = ''] = basename(name).split('*')
    const files = readdirSync(dirname(path))
    return files.some((file) => file.startsWith(before) && file.endsWith(after))
  })
}

describe('docs/protocol.md', () => {
  const text = textOfPage('docs/protocol.md')

  it('[R5] tells what each request counts as', () => {
    const page = ROUTE_COSTS['GET /api/rooms/:id/events']
    expect(ROUTE_COSTS['GET /api/rooms']).toBe(page)
    for (const row of [
      `| the list of rooms, a page of events | ${page} |`,
      `| a ticket | ${ROUTE_COSTS['POST /api/rooms/:id/tickets']} |`,
      `| a renewal of tokens | ${ROUTE_COSTS['POST /api/auth/refresh']} |`,
      `| a new room | ${ROUTE_COSTS['POST /api/rooms']} |`,
      '| an upgrade within a second of its ticket | 0 |',
      `| any other upgrade | ${UPGRADE_COST} |`,
    ]) {
      expect(text).toContain(row)
    }
  })

  it('has every refusal with its status and its close code', () => {
    const rows = [...text.matchAll(/^\| `([\w-]+)`(\\\*)? \| (\d+) \| (\d+) \| \S.* \|$/gm)]
    const shown = rows.map(([, code, mild, status, close]) => [
      code,
      { status: Number(status), close: Number(close), mild: mild !== undefined },
    ])
    const table = Object.entries(REFUSALS).map(([code, { status, close, mild = false }]) => [
      code,
      { status, close, mild },
    ])
    expect(shown).toEqual(table)
  })

  it('has every destination of the rules', () => {
    const written = RULES.map(({ path }) =>
      path.join('/').replace('topic/rooms/{roomId}/{name}', 'topic/rooms/{roomId}/{channel}'),
    )
    expect(written.filter((destination) => !text.includes(`| ${destination} |`))).toEqual([])
  })
})

describe('docs/deploy-and-operate.md', () => {
  const text = textOfPage('docs/deploy-and-operate.md')
  const toml = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')
  const [, vars = ''] = toml.split(/^\[vars\]$/m)
  const values = [...(vars.split(/^\[/m)[0]?.matchAll(/^(\w+) = "?([^"\n]*)"?$/gm) ?? [])]

  it('has every variable of wrangler.toml with its value and its unit', () => {
    expect(values.length).toBeGreaterThan(40)
    const missing = values.filter(
      ([, name, value]) => !text.includes(`| ${name} | ${value || '(empty)'} | `),
    )
    expect(missing.map(([line]) => line)).toEqual([])
    expect(text).toContain('AUTH_PER_MINUTE')
  })

  it('has every variable that can be set', () => {
    const known = Object.keys(Variables.pipe[0].entries)
    const shown = [...text.matchAll(/^\| ([A-Z][A-Z_]+) \|/gm)].map(([, name]) => name)
    expect(shown.toSorted()).toEqual(known.toSorted())
  })
})

describe('the README', () => {
  it('is read in one go: under 200 lines', () => {
    expect(textOfPage('README.md').split('\n').length).toBeLessThanOrEqual(200)
  })

  it('begins with the two commands that run it and test it', () => {
    const [first, second] = samplesOf('README.md')
    expect([first?.code, second?.code]).toEqual([
      'npm install && npm run dev\n',
      'npm install && npm test\n',
    ])
  })

  it('leads to every page', () => {
    const text = textOfPage('README.md')
    const pages = PAGES.filter((page) => page !== 'README.md')
    expect(pages.filter((page) => !text.includes(`](${page})`))).toEqual([])
  })
})

describe('the comments', () => {
  const FOLDERS = ['src', 'public', 'test']
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:tsx?|js|css|html)$/.test(file) && !file.startsWith('vendor'))
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

  it('are no wider than 100 columns', () => {
    const scripts = readdirSync(join(ROOT, 'scripts'), { recursive: true, encoding: 'utf8' })
    const sources = [...files, ...scripts.map((file) => join('scripts', file))].filter((file) =>
      /^(?:src|scripts)\/.*\.tsx?$/.test(file),
    )
    expect(sources.length).toBeGreaterThan(200)
    const wide = sources.flatMap((file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (isWideComment(line) ? [`${file}:${index + 1}`] : [])),
    )
    expect(wide).toEqual([])
  })
})

/** A comment over 100 columns. An address cannot be broken. */
const isWideComment = (line: string) =>
  line.length > 100 && /^\s*(?:\/\/|\/?\*)|[^:]\/\/ /.test(line) && !line.includes('https://')
