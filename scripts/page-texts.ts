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
  // Two columns compress better than rows.
  contents: `const keys = ${JSON.stringify(KEYS.join(' '))}.split(' ')
const of = (texts) => Object.fromEntries(keys.map((key, at) => [key, texts[at]]))
const en = of([${KEYS.map((key) => code(en[key]))}]), ko = of([${KEYS.map((key) => code(ko[key]))}])
export const TEXTS = { en, ko }`,
})

/** As JavaScript: the types are gone from a function that runs. */
const code = (text: unknown) => (typeof text === 'string' ? JSON.stringify(text) : String(text))
