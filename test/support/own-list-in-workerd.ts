// The own list of rooms of somebody, and what rooms call of accounts for it, inside workerd.

import { runInDurableObject } from 'cloudflare:test'
import { vi } from 'vitest'
import type { Principal } from '../../src/auth/principal.ts'
import type { RoomEnv } from '../../src/objects/room/neighbours.ts'
import type { RoomObject } from '../../src/objects/room/object.ts'
import { bearerOf, type GUEST, objects, signedIn, withCalls } from './person-in-workerd.ts'

/** Somebody signed in, and what they do. */
export async function somebody(newSignIn?: typeof GUEST) {
  const { id, account, stub, grant } = await signedIn(newSignIn)
  const by: Principal = { id, name: grant.principal.name, roles: ['GENERAL'] }
  let visits = 0
  return {
    ...{ id, account, stub, by, grant },
    // By a stub of now: it does not outlive a crash of its object.
    rooms: async () => (await objects.account(id).rooms(undefined, 99)).rooms,
    /** Asks for a ticket, as the gateway does. */
    ticket: (room: string) =>
      objects.account(id).prepareVisit(by, bearerOf(grant), room, `v${++visits}`),
  }
}

/** What rooms call of accounts from now on. `isLost`: a call does not arrive. */
export async function watched(
  stub: DurableObjectStub<RoomObject>,
  isLost: () => boolean | Promise<boolean>,
) {
  const calls: string[] = []
  await runInDurableObject(stub, (object) => {
    const { ACCOUNT: accounts } = (object as unknown as { env: RoomEnv }).env
    const real = accounts.get.bind(accounts)
    vi.spyOn(accounts, 'get').mockImplementation((id) => {
      const account = real(id)
      const call = (name: 'joined' | 'left') =>
        (async (what: never) => {
          calls.push(name)
          if (await isLost()) throw new Error('lost')
          await account[name](what)
        }) as never
      return withCalls(account, { joined: call('joined'), left: call('left') })
    })
  })
  return calls
}
