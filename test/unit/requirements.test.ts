// Every requirement that docs/protocol.md lists is the name of a test.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const DOCUMENT = readFileSync(join(ROOT, 'docs/protocol.md'), 'utf8')

const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(ROOT, 'test', file), 'utf8'))
  .join('\n')

/** The ids of a section of the document, as they stand in bold. */
function ids(heading: string): string[] {
  const section = DOCUMENT.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/\*\*((?:STOMP )?[A-Z]\d+[a-z]?)\*\*/g)].map(([, id = '']) => id)
}

describe('every requirement has a test', () => {
  it('of STOMP', () => {
    const required = ids('STOMP, requirement by requirement')
    expect(required.length).toBeGreaterThan(90)
    expect(required.filter((id) => !tests.includes(`[${id}]`))).toEqual([])
  })

  it('of the protocol of resuming', () => {
    const required = ids('Resuming')
    expect(required.length).toBeGreaterThan(20)
    expect(required.filter((id) => !tests.includes(`[${id}]`))).toEqual([])
  })

  it('of Stompbox', () => {
    const required = ids('Promises')
    expect(required.length).toBeGreaterThan(15)
    expect(required.filter((id) => !tests.includes(`[${id}]`))).toEqual([])
  })
})
