// Lays the page's texts side by side, so that their keys are in the page once.

import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { DIALOG_TEXTS } from '../src/page/text/dialog-texts.ts'
import { TEXTS } from '../src/page/text/texts.ts'

type Texts = Record<string, unknown>

const pathOf = (file: string) => fileURLToPath(import.meta.resolve(`../src/page/text/${file}`))

/** What each file is in the built page. */
const BUILT = new Map([
  [pathOf('texts.ts'), built('TEXTS', TEXTS)],
  [pathOf('dialog-texts.ts'), built('DIALOG_TEXTS', DIALOG_TEXTS)],
])

/** Replaces files of src/page/text/. A text that is a function must not need its module. */
export const pageTexts: Plugin = {
  name: 'page-texts',
  setup({ onLoad }) {
    onLoad({ filter: /texts\.ts$/ }, ({ path }) => {
      const contents = BUILT.get(path)
      return contents === undefined ? undefined : { loader: 'js', contents }
    })
  },
}

/** Two columns compress better than rows. */
function built(name: string, { en, ko }: { en: Texts; ko: Texts }) {
  const keys = Object.keys(en)
  return `const keys = ${JSON.stringify(keys.join(' '))}.split(' ')
const of = (texts) => Object.fromEntries(keys.map((key, at) => [key, texts[at]]))
const en = of([${keys.map((key) => code(en[key]))}]), ko = of([${keys.map((key) => code(ko[key]))}])
export const ${name} = { en, ko }`
}

/** As JavaScript: the types are gone from a function that runs. */
function code(text: unknown) {
  return typeof text === 'string' ? JSON.stringify(text) : String(text)
}
