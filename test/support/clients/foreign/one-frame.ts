// Clients in other languages that read one frame from each WebSocket message, each by the WebSocket
// library of its language. The test says frames; what the client read of the answers is what
// counts.

import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Inbox } from '../../inbox.ts'
import { type Frame, framesIn, frameText, type Headers } from '../../stomp-socket.ts'

/** A language with what its client needs, or why it cannot be played here. */
export interface OneFrameKind {
  readonly name: string
  readonly missing: string | undefined
  /** Builds the client into a folder; gives the command that starts it. */
  build(folder: string): readonly [string, ...string[]]
}

/** Where Debian puts the sources of Go libraries. */
const GO = { GO111MODULE: 'off', GOFLAGS: '', GOPATH: '/usr/share/gocode' }

export const GORILLA: OneFrameKind = {
  name: 'Go, gorilla/websocket',
  missing: missing('golang-go and golang-github-gorilla-websocket-dev', () => {
    execFileSync('go', ['list', 'github.com/gorilla/websocket'], {
      env: { ...process.env, ...GO },
      stdio: 'ignore',
    })
  }),
  build(folder) {
    const program = join(folder, 'one_frame')
    execFileSync('go', ['build', '-o', program, join(import.meta.dirname, 'one_frame.go')], {
      env: { ...process.env, ...GO, GOCACHE: join(folder, 'cache') },
    })
    return [program]
  },
}

export const JAVA: OneFrameKind = {
  name: 'Java, java.net.http.WebSocket, headers as clients on Android read them',
  ...java('OneFrame'),
}

export const SPRING: OneFrameKind = {
  name: 'Java, java.net.http.WebSocket, frames as the codec of Spring reads them',
  ...java('SpringRules'),
}

export class OneFrameClient {
  /** The frames that it read. */
  readonly frames = new Inbox<Frame>()
  /** How its connection ended: `closed 1000`, or `refused 403`. */
  readonly ended: Promise<string>
  readonly #process
  #receipts = 0

  constructor([program, ...words]: readonly [string, ...string[]]) {
    this.#process = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#process.stdin.on('error', () => undefined)
    const ended = Promise.withResolvers<string>()
    this.ended = ended.promise
    const end = (how: string) => {
      this.frames.end(how)
      ended.resolve(how)
    }
    createInterface(this.#process.stdout).on('line', (line) => {
      if (/^(closed|refused|unreadable)/.test(line)) end(line)
      else this.frames.add(frameIn(line))
    })
    this.#process.on('exit', () => end('exited'))
  }

  say(command: string, headers: Headers = {}, body = ''): void {
    const frame = Buffer.from(frameText(command, headers, body))
    this.#process.stdin.write(`${frame.toString('base64')}\n`)
  }

  /** Says a frame with a receipt, and gives its RECEIPT. */
  ask(command: string, headers: Headers = {}, body = ''): Promise<Frame> {
    const receipt = `r-${++this.#receipts}`
    this.say(command, { ...headers, receipt }, body)
    return this.frames.find((frame) => frame.headers['receipt-id'] === receipt)
  }

  /** Closes the WebSocket; gives how that ended. */
  leave(): Promise<string> {
    this.#process.stdin.end()
    return this.ended
  }
}

function java(main: string): Omit<OneFrameKind, 'name'> {
  return {
    missing: missing('openjdk-17-jdk-headless', () => {
      execFileSync('javac', ['-version'], { stdio: 'ignore' })
    }),
    build(folder) {
      const sources = [`${main}.java`, 'Talk.java'].map((file) => join(import.meta.dirname, file))
      execFileSync('javac', ['-d', folder, ...sources])
      return ['java', '-Xshare:auto', '-XX:TieredStopAtLevel=1', '-cp', folder, main]
    },
  }
}

/** A frame as it was read, in base64. */
function frameIn(line: string): Frame {
  const bytes = Buffer.concat([Buffer.from(line, 'base64'), Buffer.of(0)])
  const [frame] = framesIn(bytes)
  if (!frame) throw new Error(`no frame: ${line}`)
  return frame
}

/** A folder for what is built, and how to remove it. */
export function workshop(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'foreign-clients-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

function missing(packages: string, look: () => void): string | undefined {
  try {
    look()
    return undefined
  } catch {
    return `Debian’s ${packages} is not installed`
  }
}
