// The texts of the built page are those of the source, in both languages.

import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { pageTexts } from '../../scripts/page-texts.ts'
import { TEXTS } from '../../src/page/text/texts.ts'

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

it('says the same after the build', async () => {
  const { outputFiles } = await build({
    entryPoints: [`${import.meta.dirname}/../../src/page/text/texts.ts`],
    ...{ bundle: true, format: 'esm', minify: true, write: false, plugins: [pageTexts] },
  })
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')
  const built: typeof TEXTS = await import(
    /* @vite-ignore */ `data:text/javascript;base64,${code}`
  ).then((module) => module.TEXTS)
  for (const language of ['en', 'ko'] as const) {
    const source = Object.entries(TEXTS[language]).map(([key, text]) => [key, spoken(text)])
    const served = Object.entries(built[language]).map(([key, text]) => [key, spoken(text)])
    expect(Object.fromEntries(served)).toEqual(Object.fromEntries(source))
  }
})
