// A room of the real object, entered over a real upgrade, inside workerd.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { onTestFinished } from 'vitest'
import type { Principal } from '../../src/auth/principal.ts'
import { signAccessToken } from '../../src/auth/tokens/access-token.ts'
import { importSigningKey } from '../../src/auth/tokens/keys.ts'
import { readConfig } from '../../src/config.ts'
import type { Admission, RoomProfile } from '../../src/contract.ts'
import { enter } from '../../src/objects/shared/sockets/admission.ts'
import { roomSettingsOf } from '../../src/room-settings.ts'

export interface Heard {
  readonly command: string
  readonly headers: Record<string, string>
  readonly body: string
}

let ids = 0

/** The id and stub of a new room, made by `owner`. */
export async function madeRoom(more: Partial<Pick<RoomProfile, 'kind' | 'settings'>> = {}) {
  const id = `room${String(++ids).padStart(16, '0')}`
  const stub = env.ROOM.get(env.ROOM.idFromName(id))
  await stub.create({
    id,
    name: 'a room',
    kind: 'public',
    description: '',
    settings: roomSettingsOf(more.kind ?? 'public', {}),
    owner: { id: 'owner', name: 'Owner' },
    createdAt: 1,
    ...more,
  })
  return { id, stub }
}

/**
 * A room whose deadlines are far away until the test is over: what a test floods it with is refused
 * for that, however slow the machine.
 */
export async function patientRoom() {
  const made = await madeRoom()
  await runInDurableObject(made.stub, (room) => {
    const config = readConfig((room as unknown as { env: object }).env)
    const { connectMs, frameMs } = config
    Object.assign(config, { connectMs: 600_000, frameMs: 600_000 })
    // All rooms have the same configuration.
    onTestFinished(() => void Object.assign(config, { connectMs, frameMs }))
  })
  return made
}

/** Who somebody is whom the room has never met. */
export const SOMEBODY = { name: 'Somebody', guest: false }

/** Whose id begins with `guest` is one. */
export const principal = (id: string): Principal => ({
  id,
  name: id.toUpperCase(),
  roles: ['GENERAL'],
  ...(id.startsWith('guest') && { guest: true }),
})

/** An access token as the gateway makes it. */
export async function accessToken(id: string, now = Date.now()): Promise<string> {
  const keyRing = env.KEY_RING.get(env.KEY_RING.idFromName('key-ring'))
  const { signing } = await keyRing.material()
  const signedInAt = Math.floor(now / 1000)
  const signIn = { sessionId: 's', signedInAt, version: 1, federated: false }
  const claims = { principal: principal(id), ...signIn, tokenId: `t${++ids}` }
  return signAccessToken(claims, await importSigningKey(signing), readConfig(env).access, now)
}

/** A client of a room: sends text, keeps what comes. */
export class Client {
  readonly #socket: WebSocket
  /** WebSocket messages as they came. */
  readonly messages: string[] = []
  #heard = ''
  #arrived = () => {}
  readonly closed: Promise<{ code: number; reason: string }>

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('message', ({ data }) => {
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data as ArrayBuffer)
      this.messages.push(text)
      this.#heard += text
      this.#arrived()
    })
    this.closed = new Promise((resolve) => {
      socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason }))
    })
    socket.accept()
  }

  send(data: string | Uint8Array): void {
    this.#socket.send(data)
  }

  close(): void {
    this.#socket.close(1000)
  }

  /** The next frame that comes. */
  async next(): Promise<Heard> {
    this.#heard = this.#heard.replace(/^\n+/, '')
    for (let end = this.#end(); end === -1; end = this.#end()) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
      this.#heard = this.#heard.replace(/^\n+/, '')
    }
    const frame = this.#heard.slice(0, this.#end())
    this.#heard = this.#heard.slice(frame.length + 1)
    const [head = '', ...body] = frame.split('\n\n')
    const [command = '', ...lines] = head.split('\n')
    const headers = lines.map((line) => line.split(/:(.*)/s).slice(0, 2))
    return { command, headers: Object.fromEntries(headers), body: body.join('\n\n') }
  }

  #end(): number {
    return this.#heard.indexOf('\0')
  }
}

/** Opens a WebSocket to a room; gives the code of the refusal where there is one. */
export async function open(
  room: { fetch(request: Request): Promise<Response> },
  id: string,
  ticket?: Admission['ticket'],
): Promise<Client | string> {
  const signIn = { sessionId: 's', version: 1 }
  const admission = {
    principal: principal(id),
    ...signIn,
    visitId: 'e',
    protocol: 'v12.stomp',
    ticket,
  }
  const answer = await enter(room, admission)
  if (!(answer instanceof Response)) return answer.refused
  if (!answer.webSocket) throw new Error('no WebSocket came')
  return new Client(answer.webSocket)
}

/** The same, and through CONNECT. */
export async function connected(
  room: { fetch(request: Request): Promise<Response> },
  id: string,
  headers = '',
): Promise<Client> {
  const client = await open(room, id)
  if (typeof client === 'string') throw new Error(client)
  const token = await accessToken(id)
  client.send(`CONNECT\naccept-version:1.2\n${headers}Authorization:Bearer ${token}\n\n\0`)
  const answer = await client.next()
  if (answer.command !== 'CONNECTED') throw new Error(answer.body)
  return client
}

/** The seqs of the next MESSAGEs, until one of them. */
export async function heardUntil(client: Client, last: number): Promise<number[]> {
  const seqs: number[] = []
  while (seqs.at(-1) !== last) {
    const { command, headers } = await client.next()
    if (command === 'ERROR') throw new Error(headers.code)
    if (command === 'MESSAGE') seqs.push(Number(headers.seq))
  }
  return seqs
}

/** 1, 2, 3 … up to a seq. */
export const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)
