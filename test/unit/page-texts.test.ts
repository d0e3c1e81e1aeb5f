// The texts of the page: both bundles have theirs, and the build does not change what they say.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { pageTexts } from '../../scripts/page-texts.ts'
import { DIALOG_TEXTS } from '../../src/page/text/dialog-texts.ts'
import { TEXTS } from '../../src/page/text/texts.ts'

const PAGE = join(import.meta.dirname, '../../src/page')
const DIALOGS = join('view', 'dialogs')

/** Suits every text with a placeholder: some take a number, some a name, some several. */
const VALUES = [1, 2, 'Ada', ['Ada', 'Bo'], ['0', '5', '7']]

const spoken = (text: unknown) =>
  typeof text === 'function' ? VALUES.map((value) => attempt(() => text(value))) : text

function attempt(says: () => string) {
  try {
    return says()
  } catch (error) {
    // A number has no join and cannot be taken apart. Other errors are mistakes of the build.
    if (error instanceof TypeError) return 'not for this text'
    throw error
  }
}

describe('the texts', () => {
  it.each([
    ['texts.ts', 'TEXTS', TEXTS],
    ['dialog-texts.ts', 'DIALOG_TEXTS', DIALOG_TEXTS],
  ] as const)('say the same after the build: %s', async (file, name, source) => {
    const { outputFiles } = await build({
      entryPoints: [join(PAGE, 'text', file)],
      ...{ bundle: true, format: 'esm', minify: true, write: false, plugins: [pageTexts] },
    })
    const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')
    const built: typeof source = await import(
      /* @vite-ignore */ `data:text/javascript;base64,${code}`
    ).then((module) => module[name])
    for (const language of ['en', 'ko'] as const) {
      const texts = Object.entries(source[language]).map(([key, text]) => [key, spoken(text)])
      const served = Object.entries(built[language]).map(([key, text]) => [key, spoken(text)])
      expect(Object.fromEntries(served)).toEqual(Object.fromEntries(texts))
    }
    // Plain rows would be longer.
    expect(outputFiles[0]?.text).toContain('.split(" ")')
  })

  const files = readdirSync(PAGE, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('text'))
    .map((file) => ({
      file,
      isLate: file.startsWith(DIALOGS),
      literals: new Set(readFileSync(join(PAGE, file), 'utf8').match(/(?<=['"])\w+(?=['"])/g)),
    }))
  const names = (key: string) => files.filter(({ literals }) => literals.has(key))

  it('of the dialogs are named by nothing that can be there before them', () => {
    const early = files.filter(({ file, isLate }) => !isLate && !file.startsWith('api'))
    expect(early.length).toBeGreaterThan(40)
    const wrong = early.flatMap(({ file, literals }) =>
      [...literals].filter((key) => key in DIALOG_TEXTS.en).map((key) => `${file}: ${key}`),
    )
    expect(wrong).toEqual([])
  })

  it('of both bundles have different names, and those of the dialogs are in use', () => {
    const keys = Object.keys(DIALOG_TEXTS.en)
    expect(keys.filter((key) => key in TEXTS.en)).toEqual([])
    // Built of the name of a kind.
    const kinds = ['publicNote', 'unlistedNote', 'broadcastNote']
    expect(keys.filter((key) => names(key).length === 0 && !kinds.includes(key))).toEqual([])
  })
})
