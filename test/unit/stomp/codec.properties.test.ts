import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decoder } from '../../../src/stomp/decoder.ts'
import { encode } from '../../../src/stomp/encode.ts'
import { escapeHeader, unescapeHeader } from '../../../src/stomp/escape.ts'
import { StompError } from '../../../src/stomp/stomp-error.ts'
import { VERSIONS, type Version } from '../../../src/stomp/version.ts'
import { scaled } from '../../support/scaled.ts'

const LIMITS = { frame: 65_536, frameBeforeConnect: 16_384, headerLine: 8192, headers: 64 }

/** The frames of a stream in pieces, and the code of the error that ended it. */
function outcome(pieces: Uint8Array[], version: Version) {
  const decoder = new Decoder(LIMITS)
  const frames: unknown[] = []
  try {
    for (const piece of pieces) {
      decoder.write(piece)
      for (let frame = decoder.next(version); frame; frame = decoder.next(version)) {
        frames.push([frame.command, [...frame.headers], [...frame.body]])
      }
    }
    return { frames, end: decoder.partial ? 'partial' : 'whole' }
  } catch (error) {
    if (error instanceof StompError) return { frames, end: error.code }
    throw error
  }
}

/** Bytes in which the bytes that matter to STOMP are frequent. */
const byte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(...new TextEncoder().encode('\n\r\0:\\nrc:1')),
)
const word = fc.constantFrom(
  'SEND',
  'CONNECT\n',
  '\n\n',
  'content-length:3\n',
  'a:b\n',
  '\0',
  '\\n',
)
const stream = fc
  .array(
    fc.oneof(
      byte.map((value) => Uint8Array.of(value)),
      word.map((text) => new TextEncoder().encode(text)),
    ),
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])))
const version = fc.constantFrom(...VERSIONS)

describe('any stream', () => {
  it('[R1] gives frames or one coded error', () => {
    fc.assert(
      fc.property(stream, version, (bytes, v) => void outcome([bytes], v)),
      {
        numRuns: scaled(100, 2000),
      },
    )
  })

  it('[STOMP B5] gives the same wherever it is cut', () => {
    fc.assert(
      fc.property(stream, version, fc.array(fc.nat(64)), (bytes, v, sizes) => {
        const pieces: Uint8Array[] = []
        let from = 0
        for (const size of sizes) {
          pieces.push(bytes.slice(from, from + size))
          from += size
        }
        pieces.push(bytes.slice(from))
        expect(outcome(pieces, v)).toEqual(outcome([bytes.slice()], v))
      }),
      { numRuns: scaled(40, 1000) },
    )
  })
})

/** Texts in which what matters to STOMP is frequent, lone surrogates among them. */
const unit = fc.oneof(
  fc.nat(0xffff).map((code) => String.fromCharCode(code)),
  fc.constantFrom('\n', '\r', '\0', ':', '\\', 'n', 'c', '안', '😀'),
)
const text = fc.string({ unit })
const wellFormed = text.filter((value) => value.isWellFormed() && !value.includes('\0'))

describe('escaping', () => {
  it('[STOMP D1] is undone by unescaping in 1.2', () => {
    fc.assert(
      fc.property(wellFormed, (value) => {
        return unescapeHeader(escapeHeader(value, '1.2', 'value'), '1.2') === value
      }),
    )
  })

  it('[STOMP D11] leaves nothing in any version that could end a line', () => {
    fc.assert(
      fc.property(text, version, (value, v) => {
        const breaks = /[\r\n\0]/.test(escapeHeader(value, v, 'value'))
        return !breaks && !/[\r\n\0:]/.test(escapeHeader(value, v, 'name'))
      }),
    )
  })
})

describe('encoding and decoding', () => {
  const carried: Record<Version, RegExp> = { '1.2': /^/, '1.1': /^[^\r]*$/, '1.0': /^[^\r\n]*$/ }

  it.each(VERSIONS)('is the identity on all that %s can carry', (v) => {
    const value = wellFormed.filter((candidate) => carried[v].test(candidate))
    const name = value.filter(
      (candidate) =>
        candidate !== '' &&
        candidate !== 'content-length' &&
        !(v === '1.0' && candidate.includes(':')),
    )
    const headers = fc.uniqueArray(fc.tuple(name, value), { selector: ([n]) => n, maxLength: 10 })
    const body = text.filter((candidate) => candidate.isWellFormed())
    fc.assert(
      fc.property(headers, body, (pairs, content) => {
        const encoded = encode({ command: 'MESSAGE', headers: pairs, body: content }, v)
        const bytes = new TextEncoder().encode(encoded)
        const length = ['content-length', String(new TextEncoder().encode(content).length)]
        expect(outcome([bytes], v)).toEqual({
          frames: [['MESSAGE', [...pairs, length], [...new TextEncoder().encode(content)]]],
          end: 'whole',
        })
      }),
    )
  })
})
