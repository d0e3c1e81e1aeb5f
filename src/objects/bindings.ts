// The bindings of wrangler.toml, and the objects behind them as the gateway asks them.

import type { Backend } from '../contract.ts'
import type { AccountObject } from './account/object.ts'
import type { DirectoryObject } from './directory/object.ts'
import type { KeyRingObject } from './key-ring/object.ts'
import type { LoginObject } from './login/object.ts'
import type { RoomObject } from './room/object.ts'
import { missingOfRuntime } from './shared/runtime.ts'
import { enter } from './shared/sockets/admission.ts'
import type { ThrottleObject } from './throttle/object.ts'

/** The bindings of wrangler.toml. */
export interface Bindings {
  readonly ROOM: DurableObjectNamespace<RoomObject>
  readonly DIRECTORY: DurableObjectNamespace<DirectoryObject>
  readonly KEY_RING: DurableObjectNamespace<KeyRingObject>
  readonly ACCOUNT: DurableObjectNamespace<AccountObject>
  readonly LOGIN: DurableObjectNamespace<LoginObject>
  readonly THROTTLE: DurableObjectNamespace<ThrottleObject>
  readonly AUTH_PER_MINUTE: RateLimit
}

/** What a binding can do that no variable can. */
const METHODS = {
  ...{ ROOM: 'idFromName', DIRECTORY: 'idFromName', KEY_RING: 'idFromName' },
  ...{ ACCOUNT: 'idFromName', LOGIN: 'idFromName', THROTTLE: 'idFromName' },
  AUTH_PER_MINUTE: 'limit',
} as const satisfies Record<keyof Bindings, string>

/** @throws Error that names the binding which is none. */
function demandBindings(env: object): void {
  for (const [name, method] of Object.entries(METHODS)) {
    const binding: unknown = Reflect.get(env, name)
    if (typeof (binding as Record<string, unknown> | undefined)?.[method] === 'function') continue
    const kind = method === 'limit' ? 'rate-limit' : 'Durable Object'
    const found = binding === undefined ? 'and there is none' : 'not a variable'
    throw new Error(
      `Invalid configuration: ${name} is a ${kind} binding of wrangler.toml, ${found}`,
    )
  }
}

/**
 * The objects as the gateway asks them, by their stubs.
 *
 * @throws Error that names the binding which is none.
 */
export function backend(bindings: Bindings): Backend {
  demandBindings(bindings)
  const { ROOM, DIRECTORY, KEY_RING, ACCOUNT, LOGIN, THROTTLE, AUTH_PER_MINUTE } = bindings
  return {
    missing: missingOfRuntime,
    keyRing: () => KEY_RING.get(KEY_RING.idFromName('key-ring')),
    account: (personId) => ACCOUNT.get(ACCOUNT.idFromName(personId)),
    passwordLogin: (username) => LOGIN.get(LOGIN.idFromName(`password:${username}`)),
    // A line feed, because it is in no issuer: no two pairs are one name.
    providerLogin: (issuer, subject) => LOGIN.get(LOGIN.idFromName(`oidc:${issuer}\n${subject}`)),
    throttle: (address) => THROTTLE.get(THROTTLE.idFromName(address)),
    room: (id) => ROOM.get(ROOM.idFromName(id)),
    enterRoom: (id, admission) => enter(ROOM.get(ROOM.idFromName(id)), admission),
    enterAccount: (id, admission) => enter(ACCOUNT.get(ACCOUNT.idFromName(id)), admission),
    directory: () => DIRECTORY.get(DIRECTORY.idFromName('directory')),
    mayAuthenticate: async (address) => (await AUTH_PER_MINUTE.limit({ key: address })).success,
  }
}
