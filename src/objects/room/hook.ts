// Asks the application of a room about a message, signed as Standard Webhooks says
// (standardwebhooks.com): one try, with a deadline and a limit for the answer.

import { nanoid } from 'nanoid'
import { type HookQuestion, verdictOf } from '../../room/moderation/hook.ts'
import type { HookVerdict } from '../../room/ports.ts'
import type { Room } from '../../room/room.ts'
import type { Turn } from '../../room/turn.ts'
import { withDeadline } from '../shared/deadline.ts'

/** Milliseconds. */
const DEADLINE = 1500
/** Bytes of an answer. */
const MOST_BYTES = 4096

const PREFIX = 'whsec_'
const utf8 = new TextEncoder()

/** A new secret, of 256 bits. */
export function newHookSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return PREFIX + btoa(String.fromCharCode(...bytes))
}

/** What runs turns of a room. */
interface Turning {
  run<Result>(work: (turn: Turn) => Result): Result
}

/**
 * The verdict of a room's hook, asked between two turns: the others go on. Undefined where nobody
 * is to be asked.
 */
export async function hookVerdict(
  room: Room,
  turns: Turning,
  question: (turn: Turn) => HookQuestion | HookVerdict | undefined,
): Promise<HookVerdict | undefined> {
  const asked = room.profile.settings.hook ? turns.run(question) : undefined
  return asked && 'url' in asked ? verdictOf(asked, await askHook(asked)) : asked
}

/** What the application answers; undefined: nothing in time that is JSON. Never throws. */
export async function askHook(question: HookQuestion): Promise<unknown> {
  const controller = new AbortController()
  try {
    return await withDeadline(ask(question, controller.signal), DEADLINE)
  } catch {
    return undefined
  } finally {
    controller.abort()
  }
}

async function ask({ url, secret, body }: HookQuestion, signal: AbortSignal): Promise<unknown> {
  const id = `msg_${nanoid()}`
  const seconds = String(Math.floor(Date.now() / 1000))
  const response = await fetch(url, {
    method: 'POST',
    // A redirect could lead to the network of this server.
    redirect: 'manual',
    headers: {
      'Content-Type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': seconds,
      'webhook-signature': await signature(secret, `${id}.${seconds}.${body}`),
    },
    body,
    signal,
  })
  return response.ok ? JSON.parse(await boundedText(response)) : undefined
}

/** The signature of a text: `v1,` and HMAC-SHA256. */
export async function signature(secret: string, text: string): Promise<string> {
  const bytes = Uint8Array.from(atob(secret.slice(PREFIX.length)), (unit) => unit.charCodeAt(0))
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign'])
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(text)))
  return `v1,${btoa(String.fromCharCode(...mac))}`
}

/**
 * The body of an answer.
 *
 * @throws where it is too long: the rest is not read.
 */
async function boundedText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = body?.getReader()
  let text = ''
  let size = 0
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    size += read.value.length
    if (size > MOST_BYTES) throw new Error('the answer of a hook is too long')
    text += decoder.decode(read.value, { stream: true })
  }
  return text + decoder.decode()
}
