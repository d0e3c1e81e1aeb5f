// A person of the real objects, inside workerd: the account, the clock, and what is written down.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { nanoid } from 'nanoid'
import { vi } from 'vitest'
import type { NewSignIn, SessionGrant } from '../../src/account/views.ts'
import type { Bearer } from '../../src/auth/bearer.ts'
import type { Backend } from '../../src/contract.ts'
import { backend } from '../../src/objects/bindings.ts'

export const objects: Backend = backend(env)

/** A stub with other calls in the place of some: a stub has no members that could be copied. */
export const withCalls = <Calls extends object>(stub: Calls, others: Partial<Calls>): Calls =>
  new Proxy(stub, {
    get: (calls, name) => Reflect.get(Object.hasOwn(others, name) ? others : calls, name),
  })

/** Milliseconds. */
export const DAY = 86_400_000

/** Moves the clock by so many milliseconds; back to the real one with `vi.useRealTimers()`. */
export function wait(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
}

export const GUEST: NewSignIn = { name: '앤', kind: 'guest', device: 'Firefox on Linux' }
export const ACCOUNT: NewSignIn = { ...GUEST, kind: 'account', username: 'ann' }

/** The account of a new person, and its object. */
export function person(id = nanoid()) {
  return { id, account: objects.account(id), stub: env.ACCOUNT.get(env.ACCOUNT.idFromName(id)) }
}

export type Person = ReturnType<typeof person>

/** The value of an answer that is no refusal. */
export function granted<Value>(
  answer: { readonly value: Value } | { readonly refused: string },
): Value {
  if ('refused' in answer) throw new Error(answer.refused)
  return answer.value
}

/** A new person, signed in. */
export async function signedIn(newSignIn = ACCOUNT) {
  const who = person()
  return { ...who, grant: granted(await who.account.signIn(newSignIn)) }
}

/** Why not, or 'granted'. */
export const outcome = (answer: object) => ('refused' in answer ? answer.refused : 'granted')

/** What the access token of a grant says, as the gateway makes it. */
export const bearerOf = ({ sessionId, version }: SessionGrant): Bearer => ({
  ...{ sessionId, version, federated: false },
  expiresAt: Math.floor(Date.now() / 1000) + 900,
})

/** The names of the tables that an object has made: none where it keeps nothing. */
export function tables(stub: DurableObjectStub<undefined>): Promise<string[]> {
  return runInDurableObject(stub, (_object, { storage }) =>
    storage.sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .toArray()
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('_cf')),
  )
}

/** When the alarm of an object is due; null where it has none. */
export function alarmOf(stub: DurableObjectStub<undefined>): Promise<number | null> {
  return runInDurableObject(stub, (_object, { storage }) => storage.getAlarm())
}

/** Throws an object out of memory, unless it is out already. */
export async function evict(stub: DurableObjectStub<undefined>): Promise<void> {
  await evictDurableObject(stub).catch((error: Error) => {
    if (!error.message.includes('not currently running')) throw error
  })
}

/** The lines that are written down from now on. */
export function auditLines(): () => Record<string, unknown>[] {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  return () => log.mock.calls.map(([line]) => JSON.parse(line))
}
