import { env } from 'cloudflare:workers'
import { expect, it, vi } from 'vitest'
import type { SessionGrant } from '../../src/account/views.ts'
import { cheapPasswords } from '../support/cheap-passwords.ts'
import {
  ACCOUNT,
  bearerOf,
  DAY,
  evict,
  GUEST,
  granted,
  objects,
  outcome,
  person,
  wait,
} from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'

quiet()
cheapPasswords()

/** A scene of sign-ins, renewals, theft and ends; gives what came of each call. */
async function play(evicting: boolean): Promise<unknown[]> {
  const [ann, bob] = [person(), person()]
  const login = objects.passwordLogin(ann.id)
  const address = objects.throttle(ann.id)
  const keyRing = env.KEY_RING.get(env.KEY_RING.idFromName(ann.id))
  const stubs: DurableObjectStub<undefined>[] = [
    ...[ann.stub, bob.stub, keyRing],
    env.LOGIN.get(env.LOGIN.idFromName(`password:${ann.id}`)),
    env.THROTTLE.get(env.THROTTLE.idFromName(ann.id)),
  ]
  const FROM = { address: 'here', devices: [], keeps: false }
  const came: unknown[] = []

  /** Waits for a call and notes what came of it; then every object is out of memory. */
  async function step<Answer>(call: Promise<Answer>): Promise<Answer> {
    const answer = await call
    came.push(typeof answer === 'object' && answer !== null ? outcome(answer) : answer)
    if (evicting) for (const stub of stubs) await evict(stub)
    return answer
  }
  const refresh = (grant: SessionGrant) => step(ann.account.refresh(grant.refreshToken, undefined))

  await step(address.attempt())
  await step(login.register(ann.id, 'correct horse', FROM))
  await step(login.verify('a guess', FROM))
  await step(login.verify('correct horse', FROM))
  await step(address.succeeded())
  const first = granted(await step(ann.account.signIn(ACCOUNT)))
  await step(ann.account.enter(bearerOf(first), 'a', 'e'))
  await refresh(first)
  const second = granted(await refresh(first))
  const third = granted(await refresh(second))
  await step(ann.account.check(bearerOf(third)))
  await refresh(first)
  await refresh(third)
  await step(ann.account.check(bearerOf(third)))

  const again = granted(await step(ann.account.signIn(ACCOUNT)))
  const other = granted(await step(ann.account.signIn({ ...ACCOUNT, device: 'Safari' })))
  came.push((await step(ann.account.sessions())).length)
  await step(ann.account.endAll(other.sessionId))
  await step(ann.account.check(bearerOf(again)))
  await step(ann.account.change({ roles: ['BOT'] }))
  await step(ann.account.check(bearerOf(other)))
  const renewed = granted(await refresh(other))
  came.push(renewed.principal.roles, renewed.version)
  await step(ann.account.change({ disabled: true }))
  await step(ann.account.signIn(ACCOUNT))
  await step(ann.account.change({ disabled: false }))
  const last = granted(await step(ann.account.signIn(ACCOUNT)))

  const guest = granted(await step(bob.account.signIn(GUEST)))
  await step(bob.account.becomeAccount(bearerOf(guest), 'Bob'))
  await step(bob.account.end(bearerOf(guest)))
  await step(bob.account.refresh(guest.refreshToken, undefined))
  came.push(granted(await step(bob.account.show())).kind)

  const { signing } = await keyRing.material()
  const next = await keyRing.rotate(false)
  if (evicting) await evict(keyRing)
  const kids = (await keyRing.material()).verifying.keys.map(({ kid }) => kid)
  came.push(kids.map((kid) => (kid === next ? 'next' : kid === signing.kid ? 'first' : kid)))

  wait(14 * DAY)
  await refresh(last)
  await step(ann.account.refresh(undefined, bearerOf(last)))
  vi.useRealTimers()
  return came
}

it('[H1] accounts, logins, delays and keys are the same over evictions', async () => {
  const plain = await play(false)
  expect(await play(true)).toEqual(plain)
  // And the scene is the one that it is meant to be.
  expect(plain).toContain('refresh-reused')
  expect(plain.filter((came) => came === 'granted').length).toBeGreaterThan(20)
  expect(plain).toContainEqual(['first', 'next'])
  expect(plain.slice(-2)).toEqual(['refresh-expired', 'granted'])
}, 60_000)
