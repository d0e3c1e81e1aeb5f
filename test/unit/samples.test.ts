// Every code sample of the documentation is run by a test, or says why not. The samples that need a
// server or wrangler run in test/e2e/samples.test.ts.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Decoder } from '../../src/stomp/decoder.ts'
import { allSamples, PAGES, proseOf, type Sample } from '../support/samples.ts'

const ROOT = join(import.meta.dirname, '../..')

const LIMITS = { frame: 65_536, frameBeforeConnect: 65_536, headerLine: 16_384, headers: 64 }

/** The samples that no test runs, by page, with the reason that the page gives. */
const NOT_RUN: readonly (readonly [page: string, reason: string])[] = [
  ['README.md', 'it deploys to a Cloudflare account'],
  ['docs/authentication.md', 'it stores a secret in a Cloudflare account'],
  ['docs/deploy-and-operate.md', 'it deploys to a Cloudflare account'],
]

const SAMPLES = allSamples()
const name = ({ page, line }: Sample) => `${page}:${line}`
const of = (...languages: string[]) =>
  SAMPLES.filter(
    ({ language, marker }) => languages.includes(language) && marker?.kind !== 'not run',
  ).map((sample) => [name(sample), sample.code] as const)

describe('the samples', () => {
  it('are fenced and name their language', () => {
    const LANGUAGES = ['js', 'ts', 'sh', 'toml', 'json', 'stomp', 'text']
    expect(SAMPLES.filter(({ language }) => !LANGUAGES.includes(language)).map(name)).toEqual([])
    const indented = PAGES.flatMap((page) =>
      [
        ...proseOf(page)
          .join('\n')
          .matchAll(/\n\n {4}.*/g),
      ].map(([block]) => `${page}: ${block}`),
    )
    expect(indented).toEqual([])
  })

  it('that are not run are these', () => {
    const notRun = SAMPLES.flatMap(({ page, marker }) =>
      marker?.kind === 'not run' ? [[page, marker.reason]] : [],
    )
    expect(notRun).toEqual(NOT_RUN)
  })

  it('that a test of their own runs name that test', () => {
    const missing = SAMPLES.flatMap(({ marker }) =>
      marker?.kind === 'run by' ? [marker.file] : [],
    ).filter((file) => !existsSync(join(ROOT, file)))
    expect(missing).toEqual([])
  })

  it('of text are what the sample before them prints', () => {
    const texts = SAMPLES.filter(({ language }) => language === 'text')
    expect(texts.filter(({ marker }) => marker === undefined).map(name)).toEqual([])
  })
})

describe('the samples for a shell', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  it.each(of('sh'))('%s calls only scripts that package.json has', (_, code) => {
    const called = [...code.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script)
    expect(called.filter((script) => !Object.hasOwn(scripts, script))).toEqual([])
    if (code.includes('npm test')) expect(scripts).toHaveProperty('test')
  })

  it.each(of('sh'))('%s is npm or curl', (_, code) => {
    const commands = code.replace(/\\\n/g, ' ').split('\n').filter(Boolean)
    expect(commands.filter((line) => !/^(npm|curl|export [A-Z]+=) ?/.test(line))).toEqual([])
  })
})

describe('the samples of JSON', () => {
  it.each(of('json'))('%s are well-formed', (_, code) => {
    expect(() => parsed(code)).not.toThrow()
  })

  /** One value, or one in each line. */
  function parsed(code: string): unknown {
    try {
      return JSON.parse(code)
    } catch {
      return code
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    }
  }
})

describe('the samples of STOMP', () => {
  it.each(of('stomp'))('%s are frames', (_, code) => {
    const decoder = new Decoder(LIMITS)
    decoder.write(new TextEncoder().encode(code.replaceAll('^@', '\0')))
    let frames = 0
    while (decoder.next('1.2')) frames++
    expect(frames).toBeGreaterThan(0)
    expect(decoder.partial).toBe(false)
  })
})
