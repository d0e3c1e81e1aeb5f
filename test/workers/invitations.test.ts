// Invitations in the real object, evicted between the steps.

import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { everything } from '../support/bad-storage.ts'
import { granted } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { connected, madeRoom, open, principal } from '../support/room-in-workerd.ts'

quiet()

const OWNER = principal('owner')
const wish = { digest: 'd', expiresIn: 60, uses: 10 }

it.each([false, true])(
  '[M1] 100 people who race for 10 uses are 10 members, evicted meanwhile: %s',
  async (evicted) => {
    const { stub } = await madeRoom({ kind: 'private' })
    await stub.invite(OWNER, wish)
    const people = Array.from({ length: 100 }, (_, n) => principal(`p${n}`))
    const use = (some: typeof people) =>
      Promise.all(some.map((each) => stub.useInvitation(each, 'd')))
    const first = await use(people.slice(0, evicted ? 7 : 50))
    if (evicted) await evictDurableObject(stub)
    const answers = [...first, ...(await use(people.slice(first.length)))]
    const refused = answers.flatMap((answer) => ('refused' in answer ? [answer.refused] : []))
    expect(refused).toEqual(Array(90).fill('invitation-used'))
    const { members } = granted(await stub.members(OWNER, { limit: 200 }))
    expect(members).toHaveLength(11)
  },
)

it('[H1][M2] lets somebody into a private room, who is not there for others', async () => {
  const { stub } = await madeRoom({ kind: 'private' })
  await stub.invite(OWNER, wish)
  const before = await everything(stub)
  expect(await open(stub, 'ann')).toBe('room-unknown')
  await evictDurableObject(stub)
  const nowhere = env.ROOM.get(env.ROOM.idFromName('nobody made this one'))
  const unknown = { refused: 'invitation-unknown' }
  for (const room of [stub, nowhere]) {
    expect(await room.showInvitation('x')).toEqual(unknown)
    expect(await room.useInvitation(principal('ann'), 'x')).toEqual(unknown)
  }
  expect(await everything(nowhere)).toEqual({})
  expect(await everything(stub)).toEqual(before)
  await evictDurableObject(stub)
  expect(granted(await stub.useInvitation(principal('ann'), 'd'))).toMatchObject({ role: 'writer' })
  await evictDurableObject(stub)
  const ann = await connected(stub, 'ann')
  ann.close()
})
