// Lays the page's texts side by side, so that their keys are in the page once.

import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { TEXTS } from '../src/page/text/texts.ts'

const { en, ko } = TEXTS
const SOURCE = fileURLToPath(import.meta.resolve('../src/page/text/texts.ts'))
const KEYS = Object.keys(en) as (keyof typeof en)[]

/** Replaces src/page/text/texts.ts. A text that is a function must not need its module. */
export const pageTexts: Plugin = {
  name: 'page-texts',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]texts\.ts$/ }, ({ path }) => (path === SOURCE ? built() : undefined))
  },
}

const built = () => ({
  loader: 'js' as const,
  contents: `const en = {}, ko = {}
const table = [${KEYS.map((key) => [JSON.stringify(key), code(en[key]), code(ko[key])])}]
for (let at = 0; at < table.length; at += 3) {
  en[table[at]] = table[at + 1]
  ko[table[at]] = table[at + 2]
}
export const TEXTS = { en, ko }`,
})

/** As JavaScript: the types are gone from a function that runs. */
const code = (text: unknown) => (typeof text === 'string' ? JSON.stringify(text) : String(text))
