import { describe, expect, it } from 'vitest'
import { Decoder, type DecoderLimits } from '../../../src/stomp/decoder.ts'
import type { Frame } from '../../../src/stomp/frame.ts'
import { StompError } from '../../../src/stomp/stomp-error.ts'
import type { Version } from '../../../src/stomp/version.ts'

const LIMITS: DecoderLimits = {
  frame: 4096,
  frameBeforeConnect: 2048,
  headerLine: 512,
  headers: 16,
}

const bytes = (text: string) => new TextEncoder().encode(text)

/** A frame as plain data, its body as text. */
const plain = ({ command, headers, body }: Frame) => ({
  command,
  headers: [...headers],
  body: new TextDecoder().decode(body),
})

function decode(pieces: (string | Uint8Array)[], version?: Version, limits = LIMITS) {
  const decoder = new Decoder(limits)
  const frames = []
  for (const piece of pieces) {
    decoder.write(typeof piece === 'string' ? bytes(piece) : piece)
    for (let frame = decoder.next(version); frame; frame = decoder.next(version)) {
      frames.push(plain(frame))
    }
  }
  return { frames, partial: decoder.partial }
}

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof StompError) return error.code
    throw error
  }
  return 'no error'
}

interface Case {
  readonly name: string
  readonly version?: Version
  readonly input: string
  readonly frames: [command: string, headers: [string, string][], body: string][]
}

const GOOD: Case[] = [
  {
    name: '[STOMP B1] command, headers, body, NUL',
    input: 'SEND\ndestination:/a\n\nhello\0',
    frames: [['SEND', [['destination', '/a']], 'hello']],
  },
  {
    name: '[STOMP B1] an empty header section',
    input: 'DISCONNECT\n\n\0',
    frames: [['DISCONNECT', [], '']],
  },
  {
    name: '[STOMP B2] CR LF in 1.2',
    version: '1.2',
    input: 'SEND\r\ndestination:/a\r\n\r\nx\r\n\0\r\n',
    frames: [['SEND', [['destination', '/a']], 'x\r\n']],
  },
  {
    name: '[STOMP B2] in 1.1 a CR belongs to the value',
    version: '1.1',
    input: 'SEND\ndestination:/a\r\n\nx\0',
    frames: [['SEND', [['destination', '/a\r']], 'x']],
  },
  {
    name: '[STOMP B3] EOLs between frames',
    version: '1.2',
    input: '\n\r\n\nSEND\n\na\0\n\n\r\nSEND\n\nb\0\n',
    frames: [
      ['SEND', [], 'a'],
      ['SEND', [], 'b'],
    ],
  },
  {
    name: '[STOMP B4] several frames in one message, in order',
    input: 'SEND\n\na\0SEND\n\nb\0SEND\n\nc\0',
    frames: [
      ['SEND', [], 'a'],
      ['SEND', [], 'b'],
      ['SEND', [], 'c'],
    ],
  },
  {
    name: '[STOMP B7] an empty value',
    version: '1.2',
    input: 'SEND\nx:\n\n\0',
    frames: [['SEND', [['x', '']], '']],
  },
  {
    name: '[STOMP B11] values are neither trimmed nor padded',
    version: '1.1',
    input: 'SEND\nx:  a b  \n\n\0',
    frames: [['SEND', [['x', '  a b  ']], '']],
  },
  {
    name: '[STOMP B10] header names are case-sensitive',
    version: '1.2',
    input: 'SEND\nX:1\nx:2\n\n\0',
    frames: [
      [
        'SEND',
        [
          ['X', '1'],
          ['x', '2'],
        ],
        '',
      ],
    ],
  },
  {
    name: '[STOMP B13] UTF-8 in names and values',
    version: '1.2',
    input: 'SEND\n이름:값😀\n\n안녕\0',
    frames: [['SEND', [['이름', '값😀']], '안녕']],
  },
  {
    name: 'a byte order mark is a character like any other',
    version: '1.2',
    input: 'SEND\n\uFEFFx:1\n\n\0',
    frames: [['SEND', [['\uFEFFx', '1']], '']],
  },
  {
    name: '[STOMP C1] content-length counts octets, and the body may hold NULs',
    input: 'SEND\ncontent-length:7\n\n안\0a\0b\0SEND\n\n\0',
    frames: [
      ['SEND', [['content-length', '7']], '안\0a\0b'],
      ['SEND', [], ''],
    ],
  },
  {
    name: '[STOMP C4] without it the body ends at the first NUL',
    input: 'SEND\n\nab\0SEND\n\n\0',
    frames: [
      ['SEND', [], 'ab'],
      ['SEND', [], ''],
    ],
  },
  {
    name: '[STOMP C8] a repeated content-length: the first counts',
    input: 'SEND\ncontent-length:3\ncontent-length:1\n\na\0b\0',
    frames: [['SEND', [['content-length', '3']], 'a\0b']],
  },
  {
    name: '[STOMP C9] content-length is honoured on every frame',
    input: 'SUBSCRIBE\ncontent-length:0\nid:1\n\n\0DISCONNECT\ncontent-length:0\n\n\0',
    frames: [
      [
        'SUBSCRIBE',
        [
          ['content-length', '0'],
          ['id', '1'],
        ],
        '',
      ],
      ['DISCONNECT', [['content-length', '0']], ''],
    ],
  },
  {
    name: '[STOMP E1] a repeated header: the first wins',
    version: '1.2',
    input: 'SEND\nx:1\nx:2\n\n\0',
    frames: [['SEND', [['x', '1']], '']],
  },
  {
    name: '[STOMP D1] the escapes of 1.2',
    version: '1.2',
    input: 'SEND\na\\cb:\\r\\n\\c\\\\\n\n\0',
    frames: [['SEND', [['a:b', '\r\n:\\']], '']],
  },
  {
    name: '[STOMP D4] the escapes of 1.1',
    version: '1.1',
    input: 'SEND\nx:\\n\\c\\\\\n\n\0',
    frames: [['SEND', [['x', '\n:\\']], '']],
  },
  {
    name: '[STOMP D5] 1.0 has no escapes',
    version: '1.0',
    input: 'SEND\nx:C:\\new\\r\n\n\0',
    frames: [['SEND', [['x', 'C:\\new\\r']], '']],
  },
  {
    name: '[STOMP D6] CONNECT is never escaped',
    input: 'CONNECT\npasscode:a\\cb\\x\n\n\0',
    frames: [['CONNECT', [['passcode', 'a\\cb\\x']], '']],
  },
  {
    name: '[STOMP D9] one pass from left to right',
    version: '1.2',
    input: 'SEND\nx:\\\\n\\\\c\n\n\0',
    frames: [['SEND', [['x', '\\n\\c']], '']],
  },
  {
    name: 'a raw colon inside a value is accepted',
    version: '1.2',
    input: 'SEND\nx:a:b\n\n\0',
    frames: [['SEND', [['x', 'a:b']], '']],
  },
  {
    name: '[R1] names of the prototype are names like any other',
    version: '1.2',
    input: 'SEND\n__proto__:1\nconstructor:2\n\n\0',
    frames: [
      [
        'SEND',
        [
          ['__proto__', '1'],
          ['constructor', '2'],
        ],
        '',
      ],
    ],
  },
]

describe('decoding', () => {
  it.each(GOOD)('$name', ({ input, version, frames }) => {
    const expected = frames.map(([command, headers, body]) => ({ command, headers, body }))
    expect(decode([input], version)).toEqual({ frames: expected, partial: false })
  })

  it.each(GOOD)('[STOMP B5] the same, one byte at a time: $name', ({ input, version, frames }) => {
    const pieces = [...bytes(input)].map((byte) => Uint8Array.of(byte))
    const expected = frames.map(([command, headers, body]) => ({ command, headers, body }))
    expect(decode(pieces, version)).toEqual({ frames: expected, partial: false })
  })

  it.each(GOOD)('[STOMP B5] the same, cut in two anywhere: $name', ({ input, version }) => {
    const whole = bytes(input)
    const expected = decode([input], version)
    for (let cut = 0; cut <= whole.length; cut++) {
      expect(decode([whole.slice(0, cut), whole.slice(cut)], version)).toEqual(expected)
    }
  })

  it('[STOMP B6] keeps what is not whole yet', () => {
    expect(decode(['SEND\n\nab'])).toEqual({ frames: [], partial: true })
    expect(decode(['SEND\n\nab', 'c\0'])).toMatchObject({
      frames: [{ body: 'abc' }],
      partial: false,
    })
  })

  it('keeps the bodies it gave when more is written', () => {
    const decoder = new Decoder(LIMITS)
    decoder.write(bytes('SEND\n\nfirst\0SEND\n\nsec'))
    const first = decoder.next('1.2')
    decoder.next('1.2')
    decoder.write(bytes('ond\0SEND\n\nthird\0'))
    const second = decoder.next('1.2')
    expect([first, second].map((frame) => new TextDecoder().decode(frame?.body))).toEqual([
      'first',
      'second',
    ])
  })

  it('takes the version of each frame when it is asked for', () => {
    const decoder = new Decoder(LIMITS)
    decoder.write(bytes('CONNECT\n\n\0SEND\nx:\\r\n\n\0'))
    expect(decoder.next(undefined)?.command).toBe('CONNECT')
    expect(decoder.next('1.0')?.headers.get('x')).toBe('\\r')
  })
})

const BAD: [name: string, input: string | Uint8Array, code: string, version?: Version][] = [
  ['[STOMP B8] a header line without a colon', 'SEND\nx\n\n\0', 'frame-malformed'],
  ['[STOMP B7] a header without a name', 'SEND\n:x\n\n\0', 'frame-malformed'],
  ['[STOMP B9] a command in lower case', 'send\n\n\0', 'command-unknown'],
  ['[STOMP B17] an unknown command', 'HELLO\n\n\0', 'command-unknown'],
  ['[STOMP B17] another protocol', 'GET / HTTP/1.1\r\n\r\n', 'command-unknown'],
  ['[R1] a name of the prototype as a command', '__proto__\n\n\0', 'command-unknown'],
  ['[STOMP B12] a body where there is none', 'SUBSCRIBE\n\nx\0', 'frame-malformed'],
  [
    '[STOMP B14] broken UTF-8',
    Uint8Array.of(...bytes('SEND\nx:'), 0xff, 10, 10, 0),
    'frame-malformed',
  ],
  [
    'half a character',
    Uint8Array.of(...bytes('SEND\nx:'), 0xed, 0xa0, 0x80, 10, 10, 0),
    'frame-malformed',
  ],
  ['[STOMP P3] a NUL among the headers', 'SEND\nx:1\0\n\n\0', 'frame-malformed'],
  ['[STOMP P3] a NUL in the command', 'SEND\0', 'frame-malformed'],
  ['a CR inside a line of 1.2', 'SEND\nx:a\rb\n\n\0', 'frame-malformed', '1.2'],
  ['a lone CR between frames', '\rSEND\n\n\0', 'frame-malformed', '1.2'],
  [
    '[STOMP C3] another byte where the NUL should be',
    'SEND\ncontent-length:1\n\nab\0',
    'frame-malformed',
  ],
  ['[STOMP C5] a negative content-length', 'SEND\ncontent-length:-1\n\n\0', 'frame-malformed'],
  ['[STOMP C5] a content-length in words', 'SEND\ncontent-length:two\n\n\0', 'frame-malformed'],
  ['[STOMP C5] a content-length with a sign', 'SEND\ncontent-length:+1\n\na\0', 'frame-malformed'],
  ['[STOMP C5] an empty content-length', 'SEND\ncontent-length:\n\na\0', 'frame-malformed'],
  ['[STOMP D3] an undefined escape', 'SEND\nx:\\t\n\n\0', 'frame-malformed', '1.2'],
  ['[STOMP D3] \\r in 1.1', 'SEND\nx:\\r\n\n\0', 'frame-malformed', '1.1'],
  ['[STOMP D8] a lone trailing backslash', 'SEND\nx:a\\\n\n\0', 'frame-malformed', '1.2'],
  ['[STOMP P1] too many headers', `SEND\n${'x:1\n'.repeat(17)}\n\0`, 'frame-too-large', '1.2'],
  [
    '[STOMP P2] a header line too long',
    `SEND\nx:${'a'.repeat(511)}\n\n\0`,
    'frame-too-large',
    '1.2',
  ],
  ['[STOMP P2] the same without its end', `SEND\nx:${'a'.repeat(511)}`, 'frame-too-large', '1.2'],
  ['[STOMP P5] a body too long', `SEND\n\n${'a'.repeat(4096)}\0`, 'frame-too-large', '1.2'],
  [
    '[STOMP P5] a body announced too long',
    'SEND\ncontent-length:4096\n\n',
    'frame-too-large',
    '1.2',
  ],
  [
    '[STOMP P5] a length that no number holds',
    `SEND\ncontent-length:${'9'.repeat(15)}\n\n`,
    'frame-too-large',
  ],
  ['[STOMP P4] too much before CONNECT', `SEND\n\n${'a'.repeat(2048)}`, 'frame-too-large'],
]

describe('a stream that is not STOMP', () => {
  it.each(BAD)('%s', (_name, input, code, version) => {
    expect(codeOf(() => decode([input], version))).toBe(code)
  })

  it.each(BAD)('[STOMP B5] the same, one byte at a time: %s', (_name, input, code, version) => {
    const whole = typeof input === 'string' ? bytes(input) : input
    expect(
      codeOf(() =>
        decode(
          [...whole].map((byte) => Uint8Array.of(byte)),
          version,
        ),
      ),
    ).toBe(code)
  })
})
