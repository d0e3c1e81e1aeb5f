// The objects as the rest of the Worker sees them: by name, each with its few calls.

import type { AccountChange } from '../account/record.ts'
import type { Principal } from '../auth/principal.ts'
import type { Bearer, Opening, ProviderLogin } from '../auth/session.ts'
import type { AccountObject } from './account/object.ts'
import type { DirectoryObject } from './directory/object.ts'
import type { KeyRingObject } from './key-ring/object.ts'
import type { LoginObject } from './login/object.ts'
import { type Admission, enter } from './room/admission.ts'
import type { RoomObject } from './room/object.ts'
import type { RoomSettings } from './room/storage/room-storage.ts'
import { missingOfRuntime } from './shared/runtime.ts'
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

/** Throws an Error that names the binding which is none. */
function demandBindings(env: object): void {
  for (const [name, method] of Object.entries(METHODS)) {
    const binding: unknown = Reflect.get(env, name)
    if (typeof (binding as Record<string, unknown> | undefined)?.[method] === 'function') continue
    const kind = method === 'limit' ? 'rate-limit' : 'Durable Object'
    const found = binding === undefined ? 'and there is none' : 'not a variable'
    throw new Error(
      `the configuration does not hold: ${name} is a ${kind} binding of wrangler.toml, ${found}`,
    )
  }
}

/** Throws an Error that names the binding which is none. */
export function backend(bindings: Bindings) {
  demandBindings(bindings)
  const { ROOM, DIRECTORY, KEY_RING, ACCOUNT, LOGIN, THROTTLE, AUTH_PER_MINUTE } = bindings
  const keyRing = () => KEY_RING.get(KEY_RING.idFromName('key-ring'))
  return {
    missing: missingOfRuntime,
    keys: () => keyRing().material(),
    publicKeys: () => keyRing().publicKeys(),
    rotateKeys: (compromised: boolean) => keyRing().rotate(compromised),
    account: (personId: string) => account(ACCOUNT.get(ACCOUNT.idFromName(personId)), personId),
    passwordLogin: (username: string) => LOGIN.get(LOGIN.idFromName(`password:${username}`)),
    // A line feed, because it is in no issuer: no two pairs are one name.
    providerLogin: (issuer: string, subject: string) =>
      LOGIN.get(LOGIN.idFromName(`oidc:${issuer}\n${subject}`)),
    throttle: (address: string) => THROTTLE.get(THROTTLE.idFromName(address)),
    room: (id: string) => room(ROOM.get(ROOM.idFromName(id))),
    directory: () => DIRECTORY.get(DIRECTORY.idFromName('directory')),
    mayAuthenticate: async (address: string) =>
      (await AUTH_PER_MINUTE.limit({ key: address })).success,
  }
}

const account = (stub: DurableObjectStub<AccountObject>, personId: string) => ({
  signIn: (opening: Opening) => stub.signIn(personId, opening),
  upgrade: (bearer: Bearer, name: string | undefined, username?: string) =>
    stub.upgrade(bearer, name, username),
  refresh: (token: string | undefined, bearer: Bearer | undefined) => stub.refresh(token, bearer),
  check: (bearer: Bearer, cost?: number) => stub.check(bearer, cost),
  enter: (bearer: Bearer, roomId: string, entry: string, cost?: number) =>
    stub.enter(bearer, roomId, entry, cost),
  leave: (sessionId: string, roomId: string, entry: string) => stub.leave(sessionId, roomId, entry),
  sessions: () => stub.sessions(),
  end: (bearer: Parameters<AccountObject['end']>[1]) => stub.end(personId, bearer),
  endByToken: (token: string) => stub.endByToken(token),
  endAll: (except: string | undefined) => stub.endAll(personId, except),
  logins: () => stub.logins(),
  holds: (token: string, sessionId: string) => stub.holds(token, sessionId),
  addLogin: (bearer: Bearer, login: ProviderLogin) => stub.addLogin(bearer, login),
  endLogin: (id: string) => stub.endLogin(id),
  removeLogin: (id: string) => stub.removeLogin(id),
  show: () => stub.show(personId),
  change: (change: AccountChange) => stub.change(personId, change),
})

const room = (stub: DurableObjectStub<RoomObject>) => ({
  create: (settings: RoomSettings) => stub.create(settings),
  show: (by: Principal) => stub.show(by),
  change: (by: Principal, change: Parameters<RoomObject['change']>[1]) => stub.change(by, change),
  cost: (by: Principal) => stub.cost(by),
  events: (by: Principal, query: Parameters<RoomObject['events']>[1]) => stub.events(by, query),
  delete: (by: Principal) => stub.delete(by),
  members: (by: Principal) => stub.members(by),
  setStanding: (by: Principal, id: string, standing: Parameters<RoomObject['setStanding']>[2]) =>
    stub.setStanding(by, id, standing),
  enter: (admission: Admission) => enter(stub, admission),
})
