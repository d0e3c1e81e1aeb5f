// Stompbox: the built Worker as wrangler.toml has it, but for the limits and the static files.

import { join } from 'node:path'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { BUILT, ROOT } from '../../support/build.ts'
import { GENEROUS } from '../../support/generous.ts'
import { ask, guest, newRoom, type Person } from '../../support/people.ts'
import { type Errand, type Member, stompMember } from '../load/member.ts'
import type { Subject } from './subject.ts'
import { startWorker, type WorkerOptions, type WorkerServer } from './workerd.ts'

export const STOMPBOX = 'Stompbox'
/** The variant whose members read one frame of a WebSocket message, as most foreign clients do. */
export const SINGLE = `${STOMPBOX}, single`

/** Far more than a client may do: what is looked for is the speed, not the limits. */
const VARS = {
  ...GENEROUS,
  SEND_PER_SECOND: 1_000_000,
  SEND_BURST: 10_000_000,
  FRAMES_PER_SECOND: 1_000_000,
  FRAMES_BURST: 10_000_000,
  SOCKETS_PER_PRINCIPAL: 1000,
}

/**
 * @param storage the folder where objects keep their rows; a new one where there is none.
 * @param vars what stands in for variables of wrangler.toml.
 */
export async function startProduct(
  storage?: string,
  vars: Readonly<Record<string, string | number>> = VARS,
): Promise<WorkerServer> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'))
  const {
    compatibilityDate = '',
    compatibilityFlags = [],
    bindings = {},
    durableObjects = {},
    ratelimits = {},
  } = workerOptions as WorkerOptions
  const options = {
    compatibilityDate,
    compatibilityFlags,
    durableObjects,
    ratelimits,
    bindings: { ...bindings, ...vars },
  }
  const server = await startWorker(join(BUILT, 'index.js'), options, storage)
  await ask(server.url, 'GET', '/api/health')
  return server
}

const LOG = (roomId: string): string => `/topic/chat/room/${roomId}`

/** What a client says in CONNECT that reads several frames of one WebSocket message. */
const MULTI_FRAME = 'multi-frame:true\n'

interface Kind {
  readonly name: string
  readonly about: string
  /** Lines of CONNECT, and of each SEND. */
  readonly connect: string
  readonly send: string
}

const KINDS = {
  usual: {
    name: STOMPBOX,
    about:
      'the built Worker: STOMP, JSON, rights and limits, one row a message, a RECEIPT for each',
    connect: MULTI_FRAME,
    send: 'receipt:1\n',
  },
  single: {
    name: SINGLE,
    about: 'the same for clients without multi-frame: each frame is a WebSocket message',
    connect: '',
    send: 'receipt:1\n',
  },
  keys: {
    name: `${STOMPBOX}, keys`,
    about: 'the same, each SEND with an idempotency-key',
    connect: MULTI_FRAME,
    send: 'receipt:1\nidempotency-key:{key}\n',
  },
} satisfies Record<string, Kind>

/** @param kind several frames in a WebSocket message, one in each, or keys beside. */
export async function stompbox(kind: keyof typeof KINDS = 'usual'): Promise<Subject> {
  const { name, about, connect, send } = KINDS[kind]
  const server = await startProduct()
  const { url } = server
  const awake: Person[] = []
  const members = async (count: number) => {
    const { people, roomId } = await populated(url, count)
    awake.push(...people)
    return { people, roomId }
  }
  return {
    name,
    about,
    process: server.process,
    close: server.close,
    async crowd(count) {
      const { people, roomId } = await members(count)
      return people.map((person) => chatter(url, person, roomId, send, { connect }))
    },
    async pair() {
      const { people, roomId } = await members(2)
      return pairOf(url, people, roomId)
    },
    async strangers(count) {
      const owner = await guest(url, 'Owner')
      const roomId = await newRoom(url, owner)
      return Array.from({ length: count }, (_, index) => stranger(url, roomId, index))
    },
    async known(count) {
      const { people, roomId } = await members(count)
      return people.map((person) => returning(url, roomId, person.accessToken))
    },
    // The account of each would otherwise close its database ten seconds later.
    async rest() {
      for (const { id } of awake.splice(0)) await server.evict('AccountObject', id)
    },
  }
}

/** One who waits for the RECEIPT of each message and listens to nothing else, and a reader. */
export function pairOf(url: string, [sender, reader]: Person[], roomId: string): Member[] {
  if (!sender || !reader) throw new Error('nobody came')
  return [writer(url, sender, roomId), chatter(url, reader, roomId, '')]
}

/**
 * One who only talks, and hears the RECEIPT of each message. @param keys an idempotency-key in
 * each.
 */
export function writer(url: string, person: Person, roomId: string, keys = false): Member {
  const key = keys ? 'idempotency-key:{key}\n' : ''
  return chatter(url, person, roomId, `receipt:{mark}\n${key}`, { listens: false })
}

/** So many people, each a guest of its own, and a room of the first. */
export async function populated(url: string, count: number) {
  const people: Person[] = []
  const names = Array.from({ length: count }, (_, index) => `Member ${index}`)
  const oneByOne = async () => {
    for (let name = names.shift(); name; name = names.shift()) people.push(await guest(url, name))
  }
  await Promise.all([oneByOne(), oneByOne(), oneByOne(), oneByOne()])
  const [owner] = people
  if (!owner) throw new Error('nobody came')
  return { people, roomId: await newRoom(url, owner) }
}

/** A member who comes in by its access token, as a server or a bot does. */
export function chatter(
  url: string,
  { accessToken }: Person,
  roomId: string,
  send: string,
  { listens = true, connect = MULTI_FRAME } = {},
): Member {
  return stompMember({
    url: `${url}/chat?room=${roomId}`,
    headers: { Authorization: `Bearer ${accessToken}` },
    connect: `${connect}Authorization:Bearer ${accessToken}\n`,
    listensTo: listens ? LOG(roomId) : undefined,
    talksTo: '/pub/send/message',
    send,
  })
}

/** A member who signs in as a guest, is given a ticket and comes in by it, as a browser does. */
function stranger(url: string, roomId: string, index: number): Member {
  const signIn: Errand = {
    url: `${url}/api/auth/guest`,
    body: JSON.stringify({ name: `Stranger ${index}` }),
    headers: {
      'Content-Type': 'application/json',
      // Sign-ins are limited per address.
      'CF-Connecting-IP': `10.2.${index >> 8}.${index & 255}`,
    },
    field: 'accessToken',
  }
  const member = returning(url, roomId, '{accessToken}')
  return { ...member, errands: [signIn, ...(member.errands ?? [])] }
}

/** A member who has an access token, is given a ticket and comes in by it. */
export function returning(url: string, roomId: string, accessToken: string): Member {
  const ticket: Errand = {
    url: `${url}/api/rooms/${roomId}/tickets`,
    body: '',
    headers: { Authorization: `Bearer ${accessToken}` },
    field: 'url',
  }
  const member = stompMember({
    url: '{url}',
    connect: `${MULTI_FRAME}Authorization:Bearer ${accessToken}\n`,
    listensTo: LOG(roomId),
    talksTo: '/pub/send/message',
  })
  return { ...member, errands: [ticket] }
}
