// One run of the fuzzer: what must hold for the decoder, whatever the stream.

import { Decoder } from '../../../src/stomp/decoder.ts'
import { encode } from '../../../src/stomp/encode.ts'
import { StompError } from '../../../src/stomp/stomp-error.ts'
import { VERSIONS, type Version } from '../../../src/stomp/version.ts'
import { type Random, randomFrom } from '../../support/random.ts'
import { nearlyRight } from './nearly-right.ts'

const LIMITS = { frame: 1024, frameBeforeConnect: 512, headerLine: 256, headers: 8 }

/** How a run ended: with all frames read, within one, or with the code of an error. */
export type End = 'whole' | 'partial' | StompError['code']

const utf8 = new TextEncoder()

/**
 * Runs the stream of a seed whole and cut at random. Throws where the two differ, where anything
 * but a StompError comes out, or where the decoder keeps more than its limits and the last piece.
 */
export function check(seed: number): End {
  const random = randomFrom(seed)
  const stream = nearlyRight(random)
  const version = random.pick([undefined, ...VERSIONS])
  const whole = decode([stream.slice()], version)
  const cut = decode(pieces(stream, random), version)
  if (whole.trace !== cut.trace) {
    throw new Error(`seed ${seed}: cutting changes the outcome\n${whole.trace}\n${cut.trace}`)
  }
  return whole.end
}

function decode(parts: readonly Uint8Array[], version: Version | undefined) {
  const decoder = new Decoder(LIMITS)
  let trace = ''
  try {
    for (const part of parts) {
      decoder.write(part)
      for (let frame = decoder.next(version); frame; frame = decoder.next(version)) {
        trace += `${frame.command} ${JSON.stringify([...frame.headers])} ${frame.body.join()}\n`
        roundTrip(frame.headers, version ?? '1.2')
      }
      if (decoder.pending > LIMITS.frame + part.length) throw new Error('the decoder hoards')
    }
  } catch (error) {
    if (error instanceof StompError) return { trace: `${trace}${error.code}`, end: error.code }
    throw error
  }
  const end: End = decoder.partial ? 'partial' : 'whole'
  return { trace: trace + end, end }
}

/**
 * What was read from a client of a version can be said to another one of it, and is read the same.
 */
function roundTrip(headers: ReadonlyMap<string, string>, version: Version): void {
  if ([...headers].some(([name, value]) => !carries(version, name, value))) return
  const decoder = new Decoder({ ...LIMITS, frame: 1e6, headerLine: 1e5, headers: 100 })
  const passed = [...headers].filter(([name]) => name !== 'content-length')
  decoder.write(utf8.encode(encode({ command: 'MESSAGE', headers: passed, body: '' }, version)))
  const again = decoder.next(version)?.headers ?? new Map()
  for (const [name, value] of passed) {
    if (again.get(name) !== value) throw new Error(`${version} does not carry a header`)
  }
}

/** 1.0 and 1.1 have no escape for some characters: there the encoder replaces them. */
function carries(version: Version, name: string, value: string): boolean {
  if (name === '') return false
  if (version === '1.2') return true
  if (version === '1.1') return !/\r/.test(name + value)
  return !/[\r\n]/.test(name + value) && !name.includes(':')
}

function pieces(stream: Uint8Array, random: Random): Uint8Array[] {
  const parts: Uint8Array[] = []
  const most = 1 + random.below(16)
  for (let at = 0; at < stream.length; ) {
    const size = 1 + random.below(most)
    parts.push(stream.slice(at, at + size))
    at += size
  }
  return parts
}
