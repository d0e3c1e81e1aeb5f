// Which folder may import what. docs/architecture.md shows this table with its reasons.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = join(import.meta.dirname, '../../src')

interface Rights {
  readonly values: readonly string[]
  /** What may be imported with `import type` alone. */
  readonly types?: readonly string[]
}

const TABLE: Record<string, Rights> = {
  stomp: { values: [] },
  refusals: { values: [] },
  'refusals.ts': { values: ['refusals'] },
  'config.ts': { values: ['valibot', 'variables.ts'] },
  'variables.ts': { values: ['tldts', 'valibot'] },
  'audit.ts': { values: [], types: ['refusals.ts'] },
  'visible-text.ts': { values: ['characters.ts', 'valibot'] },
  'characters.ts': { values: [] },
  'hook-setting.ts': { values: ['tldts', 'valibot'] },
  'room-settings.ts': { values: ['content-rules.ts', 'hook-setting.ts', 'valibot'] },
  'name-key.ts': { values: [] },
  'look.ts': { values: ['unhomoglyph'] },
  'folded-text.ts': { values: [] },
  'content-rules.ts': { values: ['folded-text.ts', 'valibot'] },
  'cost.ts': { values: [] },
  auth: { values: ['characters.ts', 'jose', 'node:crypto'], types: ['answer.ts'] },
  'answer.ts': { values: ['refusals.ts'] },
  contract: {
    values: [],
    types: ['account', 'answer.ts', 'auth', 'cost.ts', 'room'],
  },
  'contract.ts': { values: [], types: ['contract', 'refusals.ts', 'room'] },
  // account/list/ speaks STOMP as a room does, by the same rules of a session.
  account: {
    values: ['auth', 'refusals.ts', 'room', 'stomp', 'valibot'],
    types: ['answer.ts', 'audit.ts'],
  },
  room: {
    values: [
      ...['stomp', 'refusals.ts', 'look.ts', 'name-key.ts', 'room-settings.ts'],
      ...[
        'visible-text.ts',
        'folded-text.ts',
        'content-rules.ts',
        'hook-setting.ts',
        'tldts',
        'valibot',
      ],
    ],
    types: ['auth'],
  },
  gateway: {
    values: [
      ...['auth', 'config.ts', 'stomp', 'refusals.ts', 'audit.ts', 'cost.ts', 'visible-text.ts'],
      'room-settings.ts',
      ...['hono', 'valibot', 'nanoid', 'openid-client', 'bowser'],
    ],
    types: ['contract.ts'],
  },
  objects: {
    values: [
      ...['room', 'account', 'stomp', 'auth', 'answer.ts', 'config.ts', 'refusals.ts', 'audit.ts'],
      ...['room-settings.ts', 'name-key.ts', 'cloudflare:workers', 'nanoid'],
    ],
    types: ['contract.ts', 'cost.ts', 'jose'],
  },
  client: { values: [] },
  page: {
    values: [
      ...['client', 'room/permissions.ts', 'name-key.ts'],
      ...['@stomp/stompjs', 'preact', '@preact/signals'],
    ],
  },
  'index.ts': { values: ['gateway', 'objects', 'config.ts'] },
}

interface Import {
  readonly file: string
  readonly from: string
  readonly to: string
  /** The file, below src/. */
  readonly path: string
  readonly typeOnly: boolean
}

const STATEMENT = /^(?:import|export)\s+(type\s)?(?:([^'";]*?)\s+from\s+)?'([^']+)'/gm

const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.tsx?$/.test(file),
)
const read = (file: string) => readFileSync(join(SRC, file), 'utf8')

function imports(file: string): Import[] {
  return [...read(file).matchAll(STATEMENT)].map(([, type, names, target = '']) => {
    const own = target.startsWith('.')
    const path = own ? relative(SRC, join(SRC, dirname(file), target)) : target
    return {
      file,
      from: place(file),
      to: own ? place(path) : root(target),
      path,
      typeOnly: type !== undefined || /^\{(\s*type [^,}]+,?)+\s*\}$/.test(names ?? ''),
    }
  })
}

/** The files that a file imports, types among them. */
function importedBy(file: string): string[] {
  return [...read(file).matchAll(STATEMENT)].flatMap(([, , , target = '']) =>
    target.startsWith('.') ? [relative(SRC, join(SRC, dirname(file), target))] : [],
  )
}

/** Circles of imports: of each the files in their order. */
function circles(): string[][] {
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file)
    if (start >= 0) found.push([...path.slice(start), file])
    if (start >= 0 || done.has(file)) return
    for (const next of importedBy(file)) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of FILES) visit(file, [])
  return found
}

const place = (path: string) => path.split(sep, 1)[0] ?? ''
const root = (name: string) => (name.startsWith('@') ? name : (name.split('/', 1)[0] ?? ''))

describe('the folders', () => {
  const all = FILES.flatMap(imports).filter(({ from, to }) => from !== to)

  it('are all in the table', () => {
    expect(Object.keys(TABLE).sort()).toEqual([...new Set(FILES.map(place))].sort())
    expect(all.length).toBeGreaterThan(100)
  })

  it('import what the table says, and nothing else', () => {
    const wrong = all.filter(({ from, to, path, typeOnly }) => {
      const rights = TABLE[from]
      const may = rights?.values.includes(to) || rights?.values.includes(path)
      return !may && !(typeOnly && rights?.types?.includes(to))
    })
    expect(wrong).toEqual([])
  })

  it('hold no rule of a person that knows a room, but for what speaks STOMP', () => {
    const list = join('account', 'list') + sep
    const into = all.filter(({ from, to }) => from === 'account' && to === 'room')
    expect(into.length).toBeGreaterThan(5)
    expect(into.filter(({ file }) => !file.startsWith(list))).toEqual([])
  })

  it('hold no file that imports itself, however far around and be it for a type', () => {
    expect(circles()).toEqual([])
  })

  it('hold dialogs of the page that nothing else of the page is bundled with', () => {
    const dialogs = join('page', 'view', 'dialogs') + sep
    const into = FILES.filter((file) => !file.startsWith(dialogs))
      .flatMap(imports)
      .filter(({ path }) => path.startsWith(dialogs))
    expect(into.length).toBeGreaterThan(1)
    expect(into.filter(({ typeOnly }) => !typeOnly)).toEqual([])
  })

  it.each(['stomp', 'account', 'room'])(
    '%s/ never waits, and asks nobody for time or chance',
    (folder) => {
      const impure = /\bawait\b|\basync\b|Date\.now|new Date\(\)|Math\.random|crypto\.|setTimeout/
      const files = FILES.filter((file) => place(file) === folder)
      expect(files.filter((file) => impure.test(read(file)))).toEqual([])
    },
  )

  it('say at the top of each file what lives in it', () => {
    expect(FILES.filter((file) => !read(file).startsWith('// '))).toEqual([])
  })

  it('hold no file that wants to be two', () => {
    expect(FILES.filter((file) => read(file).split('\n').length > 220)).toEqual([])
  })
})

describe('objects/', () => {
  it('implements interfaces of room/ports.ts, and no others of room/', () => {
    const implemented = FILES.filter((file) => place(file) === 'objects').flatMap((file) => {
      const [, names = ''] = /^export class \w+ implements ([^{]+) \{/m.exec(read(file)) ?? []
      return names === '' ? [] : names.split(', ').map((name) => ({ file, name }))
    })
    expect(implemented.length).toBeGreaterThan(5)
    const elsewhere = implemented.filter(({ file, name }) => {
      const from = new RegExp(`import (?:type )?\\{[^}]*\\b${name}\\b[^}]*\\} from '([^']+)'`)
      const [, path = ''] = from.exec(read(file)) ?? []
      return path.includes('/room/') && !path.endsWith('/room/ports.ts')
    })
    expect(elsewhere).toEqual([])
  })
})

describe('the statements of objects/', () => {
  it('name their columns: a version to come may have added some', () => {
    const vague = FILES.filter((file) => place(file) === 'objects').flatMap((file) => {
      const inserts = read(file).match(/\bINTO \w+\s+(VALUES|SELECT)\b/g) ?? []
      const selects = read(file).match(/\bSELECT\s+\*/g) ?? []
      return [...inserts, ...selects].map((statement) => `${file}: ${statement}`)
    })
    expect(vague).toEqual([])
  })
})
