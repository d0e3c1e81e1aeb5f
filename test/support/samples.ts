// The code samples of README.md and docs/: the fenced blocks, and what their markers say.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** Every page of the documentation, by its path in the repository. */
export const PAGES: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => `docs/${file}`),
]

/**
 * What a comment on the line before a block says of it: `<!-- not run: why -->`,
 * `<!-- run by test/….test.ts -->`, or `<!-- prints -->` for what the block before it prints.
 */
export type Marker =
  | { readonly kind: 'not run'; readonly reason: string }
  | { readonly kind: 'run by'; readonly file: string }
  | { readonly kind: 'prints' }

export interface Sample {
  readonly page: string
  /** The line of the opening fence, from 1 on. */
  readonly line: number
  /** Such as `js`; '' if the fence names none. */
  readonly language: string
  readonly code: string
  readonly marker?: Marker
}

export const textOfPage = (page: string): string => readFileSync(join(ROOT, page), 'utf8')

const BLOCK = /^(?:<!-- ([^\n]+) -->\n)?```(\w*)\n(.*?)^```$/gms

export function samplesOf(page: string): Sample[] {
  const text = textOfPage(page)
  return [...text.matchAll(BLOCK)].map(
    ({ 0: whole, 1: comment, 2: language = '', 3: code = '', index }) => {
      const fence = index + whole.indexOf('```')
      const line = text.slice(0, fence).split('\n').length
      const marker = comment === undefined ? undefined : markerOf(comment)
      return { page, line, language, code, ...(marker ? { marker } : {}) }
    },
  )
}

export const allSamples = (): Sample[] => PAGES.flatMap(samplesOf)

/** The lines outside of fenced blocks. */
export const proseOf = (page: string): string[] =>
  textOfPage(page)
    .replace(/^ *```.*?^ *```$/gms, '')
    .split('\n')

function markerOf(comment: string): Marker | undefined {
  if (comment === 'prints') return { kind: 'prints' }
  const [, reason] = /^not run: (.+)$/.exec(comment) ?? []
  if (reason !== undefined) return { kind: 'not run', reason }
  const [, file] = /^run by (\S+)$/.exec(comment) ?? []
  return file === undefined ? undefined : { kind: 'run by', file }
}
