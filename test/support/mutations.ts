// A token changed in every way that somebody may try: its letters, its bytes, its members, its
// parts.

import { base64url } from './forge.ts'
import { type Random, randomFrom } from './random.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Letters that look like these, or that some comparison takes for them. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  ...{ A: 'А', B: 'В', E: 'Е', I: 'Ι', K: '\u212a', O: 'О', S: '\u017f', a: 'а', c: 'с', e: 'е' },
  ...{
    i: 'ı',
    o: 'о',
    p: 'р',
    s: '\u017f',
    x: 'х',
    y: 'у',
    '-': '‐',
    _: '＿',
    '.': '．',
    '0': '０',
  },
}

const SPACES = [' ', '\t', '\n', '\r', '\r\n', '\u00a0', '\u2003', '\ufeff', '\u200b', '\u2028']

type Change = (text: string, at: number, random: Random) => string

const put = (text: string, at: number, what: string, over: number) =>
  text.slice(0, at) + what + text.slice(at + over)
const letter = (text: string, at: number) => text[at] ?? ''

/** One class of change each, at any place of the text. */
const LETTERS: Readonly<Record<string, Change>> = {
  flip: (text, at, random) => put(text, at, random.pick([...ALPHABET]), 1),
  next: (text, at) =>
    put(text, at, ALPHABET[(ALPHABET.indexOf(letter(text, at)) ^ 1) & 63] ?? '', 1),
  delete: (text, at) => put(text, at, '', 1),
  insert: (text, at, random) => put(text, at, random.pick([...ALPHABET]), 0),
  double: (text, at) => put(text, at, letter(text, at), 0),
  swap: (text, at) => put(text, at, letter(text, at + 1) + letter(text, at), 2),
  case: (text, at) => {
    const upper = letter(text, at).toUpperCase()
    return put(text, at, upper === letter(text, at) ? upper.toLowerCase() : upper, 1)
  },
  truncate: (text, at) => text.slice(0, at),
  behead: (text, at) => text.slice(at + 1),
  dot: (text, at) => put(text, at, '.', 0),
  padding: (text, at, random) => put(text, at, random.pick(['=', '==', '%3D']), 0),
  'other alphabet': (text, at, random) => put(text, at, random.pick(['+', '/']), 1),
  percent: (text, at) => put(text, at, `%${text.charCodeAt(at).toString(16)}`, 1),
  space: (text, at, random) => put(text, at, random.pick(SPACES), 0),
  NUL: (text, at) => put(text, at, '\0', 0),
  control: (text, at, random) => put(text, at, String.fromCharCode(random.below(32)), 1),
  'high bit': (text, at) => put(text, at, String.fromCharCode(text.charCodeAt(at) | 0x80), 1),
  'high byte': (text, at) => put(text, at, String.fromCharCode(text.charCodeAt(at) | 0x100), 1),
  lookalike: (text, at) => {
    const other = LOOKALIKES[letter(text, at)] ?? String.fromCharCode(text.charCodeAt(at) + 0xfee0)
    return put(text, at, other, 1)
  },
  half: (text, at) => put(text, at, '\ud800', 0),
}

/** Each class of change at every fifth place, beginning elsewhere, so that no place is left out. */
function* letters(token: string, random: Random): Iterable<string> {
  const changes = Object.values(LETTERS)
  for (const [n, change] of changes.entries()) {
    for (let at = n % 5; at <= token.length; at += 5) yield change(token, at, random)
  }
}

/** Of each part: bytes flipped, dropped, doubled, and other texts for the same bytes. */
function* bytes(token: string, random: Random): Iterable<string> {
  const parts = token.split('.')
  for (const [n, part] of parts.entries()) {
    const whole = Buffer.from(part, 'base64url')
    const changed = (bytes: Uint8Array | string) =>
      parts.with(n, typeof bytes === 'string' ? bytes : base64url(bytes)).join('.')
    for (const [at, byte] of whole.entries()) {
      yield changed(Buffer.from(whole).fill(byte ^ (1 << random.below(8)), at, at + 1))
    }
    for (let some = 0; some < 20; some++) {
      const at = random.below(whole.length)
      yield changed(Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]))
      yield changed(Buffer.concat([whole.subarray(0, at), whole.subarray(at - 1)]))
    }
    for (const byte of [0, 0xff]) {
      yield changed(Buffer.alloc(whole.length, byte))
      yield changed(Buffer.concat([Buffer.of(byte), whole]))
      yield changed(Buffer.concat([whole, Buffer.of(byte)]))
    }
    yield changed(Buffer.from(whole).reverse())
    yield* spellings(part).map(changed)
  }
}

/**
 * Texts that careless decoders take for the same bytes: spare bits, padding, the other alphabet.
 */
function spellings(part: string): string[] {
  const bytes = Buffer.from(part, 'base64url')
  const spare = [...ALPHABET].map((last) => part.slice(0, -1) + last)
  const base64 = bytes.toString('base64')
  return [
    ...spare.filter((text) => Buffer.from(text, 'base64url').equals(bytes)),
    ...['=', '==', '===', 'A', '\n', '.', '~'].map((end) => part + end),
    ...[base64, base64.replace(/=/g, ''), encodeURIComponent(base64), bytes.toString('hex')],
    part.replace(/.{76}/g, '$&\r\n'),
  ]
}

const VALUES = [undefined, null, true, 0, -1, 1e300, '', 'x', [], {}, [null], { a: 1 }]

/** Of header and claims: each member gone, another, in a list, under another name; and new ones. */
function* members(token: string): Iterable<string> {
  const parts = token.split('.')
  for (const n of [0, 1]) {
    const all = JSON.parse(Buffer.from(parts[n] ?? '', 'base64url').toString())
    const changed = (value: object | string) =>
      parts.with(n, base64url(typeof value === 'string' ? value : JSON.stringify(value))).join('.')
    for (const [name, value] of Object.entries(all)) {
      for (const other of VALUES) yield changed({ ...all, [name]: other })
      const { [name]: _, ...rest } = all
      yield changed({ ...rest, [name]: value })
      for (const alias of [
        name.toUpperCase(),
        ` ${name}`,
        `${name}\0`,
        `${name}s`,
        `__proto__.${name}`,
      ]) {
        yield changed({ ...rest, [alias]: value })
      }
      for (const twin of Object.values(all)) yield changed({ ...all, [name]: twin })
      yield changed({ ...all, [name]: [value] })
      yield changed({ ...all, [name]: String(value) })
      yield changed({ ...all, [name]: typeof value === 'number' ? value + 1 : `${value}x` })
      yield changed(`${JSON.stringify(all).slice(0, -1)},${JSON.stringify(name)}:null}`)
    }
    for (const name of ['crit', 'b64', 'jwk', 'jku', 'x5u', 'x5c', 'zip', 'enc', 'nbf', 'admin']) {
      for (const value of VALUES.slice(1)) yield changed({ ...all, [name]: value })
    }
    for (const alg of ['none', 'None', 'HS256', 'RS256', 'ES256', 'EdDSA', 'PS256', 'ES384']) {
      yield changed({ ...all, alg })
    }
    yield changed(JSON.stringify(all, null, 1))
    yield changed(` ${JSON.stringify(all)}`)
    yield changed(`\ufeff${JSON.stringify(all)}`)
  }
}

/** Parts dropped, doubled and changed places, also with those of another good token. */
function* parts(token: string, other: string): Iterable<string> {
  const pool = [...token.split('.'), ...other.split('.'), '']
  for (const a of pool) {
    for (const b of pool) for (const c of pool) yield `${a}.${b}.${c}`
    yield a
    yield `${token}.${a}`
    yield `${a}.${token}`
  }
}

/** All of them, each once; none is the token itself or the other one. */
export function mutations(token: string, other: string, seed: number): Set<string> {
  const random = randomFrom(seed)
  const all = new Set([
    ...letters(token, random),
    ...bytes(token, random),
    ...members(token),
    ...parts(token, other),
  ])
  all.delete(token)
  all.delete(other)
  return all
}
