// Moderation on live sockets of the real object: the same with evictions between all frames.

import { evictDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import type { ModerationAct } from '../../src/contract.ts'
import type { SettingsChange } from '../../src/room-settings.ts'
import { granted } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import {
  type Client,
  connected,
  type Heard,
  madeRoom,
  open,
  principal,
} from '../support/room-in-workerd.ts'

quiet()

const [OWNER, MOD, ANN] = [principal('owner'), principal('mod'), principal('ann')]

/** What each has heard, what was answered to ann, and what is left at the end. */
async function play(evicting: boolean) {
  const { id, stub } = await madeRoom()
  const heard: string[] = []
  const clients: Record<string, Client> = {}
  const pause = async () => {
    if (!evicting) return
    await evictDurableObject(stub).catch((error: Error) => {
      // Two pauses in a row: the object is away already.
      if (!error.message.includes('not currently running')) throw error
    })
  }
  async function hears(who: string, count = 1): Promise<void> {
    for (let n = 0; n < count; n++)
      heard.push(`${who}: ${brief(await (clients[who] as Client).next())}`)
    await pause()
  }
  async function ends(who: string): Promise<void> {
    const { code, reason } = await (clients[who] as Client).closed
    heard.push(`${who}: closed ${code} ${reason}`)
  }
  async function enters(who: string, after = 0) {
    const client = await connected(stub, who)
    clients[who] = client
    for (const to of ['/user/queue/errors', '/user/queue/notices']) {
      client.send(`SUBSCRIBE\nid:${to}\ndestination:${to}\nreceipt:r\n\n\0`)
      await client.next()
      await pause()
    }
    client.send(`SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${id}\nafter:${after}\n\n\0`)
    return client
  }
  const says = (who: string, text: string) =>
    clients[who]?.send(`SEND\ndestination:/pub/send/message\nreceipt:r\n\n${text}\0`)
  /** Something that all hear, and the receipt of whoever said it. */
  async function said(who: string, text: string, ...others: string[]) {
    says(who, text)
    await hears(who, 2)
    for (const other of others) await hears(other)
  }
  async function refused(text: string) {
    says('ann', text)
    await hears('ann')
  }
  async function act(what: ModerationAct) {
    granted(await stub.moderate(MOD, what))
    await pause()
  }
  async function set(settings: SettingsChange) {
    granted(await stub.change(MOD, { settings }))
    await pause()
  }

  granted(await stub.join(MOD))
  granted(await stub.setRole(OWNER, 'mod', 'moderator'))
  for (const who of ['ann', 'bob']) {
    await enters(who)
    await hears(who)
  }
  await said('ann', 'one', 'bob')

  await act({ type: 'mute', personId: 'ann', until: Date.now() + 3_600_000, reason: 'loud' })
  await hears('ann')
  await refused('muted')
  await act({ type: 'mute', personId: 'ann', until: null })
  await hears('ann')

  await set({ slowMode: 600 })
  await refused('too early')
  await set({ slowMode: 0, frozen: true })
  await refused('frozen')
  await set({ frozen: false })
  await said('ann', 'two', 'bob')

  granted(await stub.setRole(MOD, 'ann', 'reader', 'rude'))
  await pause()
  await hears('ann', 2)
  await hears('bob')
  await refused('as a reader')
  granted(await stub.setRole(MOD, 'ann', 'writer'))
  await pause()
  await hears('ann', 2)
  await hears('bob')

  await said('bob', 'three', 'ann')
  granted(await stub.execute(MOD, { type: 'delete', seq: 6 }))
  await pause()
  await hears('bob', 2)
  await hears('ann')
  await act({ type: 'clear', personId: 'ann', last: 9, reason: 'spam' })
  await hears('ann', 3)
  await hears('bob', 2)

  granted(await stub.removeMember(MOD, 'ann', 'enough'))
  await pause()
  await hears('ann')
  await ends('ann')
  await enters('ann', 9)
  await said('ann', 'four', 'bob')
  await act({ type: 'ban', personId: 'ann', reason: 'spam', deleteSince: Date.now() - 60_000 })
  await hears('ann')
  await ends('ann')
  await hears('bob', 2)
  const doors = [
    await open(stub, 'ann'),
    await stub.events(ANN, {}),
    await stub.execute(ANN, { type: 'message', content: 'x' }),
    await stub.join(ANN),
  ]
  await pause()
  const log = granted(await stub.events(OWNER, {}))
  const acts = granted(await stub.moderation(OWNER, { list: 'log', limit: 50 }))
  const { members } = granted(await stub.members(OWNER, {}))
  const left = JSON.stringify({ doors, log, acts, members })
  return {
    heard,
    left: left.replaceAll(id, '{room}').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|\d{13}/g, '{at}'),
  }
}

/** A frame as far as it does not differ from one run to the next. */
function brief({ command, headers, body }: Heard): string {
  if (command === 'RECEIPT') return `receipt ${headers.seq}`
  if (command === 'ERROR') return `error ${headers.code}: ${body}`
  if (headers.subscription?.endsWith('errors'))
    return `no ${headers['receipt-id']}: ${headers.code}`
  const { type, content, target, reason, role, by, seq } = JSON.parse(body)
  const what = [content ?? target, reason, role, by?.id].filter(Boolean).join(' ')
  return `${headers.subscription} ${seq} ${type} ${what}`
}

/** What the scene is meant to be. */
const HEARD = [
  ...['ann: log 1 role moderator', 'bob: log 1 role moderator'],
  ...['ann: log 2 message one', 'ann: receipt 2', 'bob: log 2 message one'],
  'ann: /user/queue/notices 2 muted loud mod',
  'ann: no r: muted',
  'ann: /user/queue/notices 2 unmuted mod',
  'ann: no r: slow-mode',
  'ann: no r: room-frozen',
  ...['ann: log 3 message two', 'ann: receipt 3', 'bob: log 3 message two'],
  'ann: /user/queue/notices 4 role rude reader mod',
  ...['ann: log 4 role reader', 'bob: log 4 role reader'],
  'ann: no r: not-allowed',
  'ann: /user/queue/notices 5 role writer mod',
  ...['ann: log 5 role writer', 'bob: log 5 role writer'],
  ...['bob: log 6 message three', 'bob: receipt 6', 'ann: log 6 message three'],
  'bob: /user/queue/notices 7 message-deleted 6 mod',
  ...['bob: log 7 delete 6', 'ann: log 7 delete 6'],
  'ann: /user/queue/notices 9 messages-deleted spam mod',
  ...['ann: log 8 delete 3', 'ann: log 9 delete 2'],
  ...['bob: log 8 delete 3', 'bob: log 9 delete 2'],
  'ann: error kicked: You were removed from this room. (enough)',
  'ann: closed 4503 kicked',
  ...['ann: log 10 message four', 'ann: receipt 10', 'bob: log 10 message four'],
  'ann: error banned: You are banned from this room. (spam)',
  'ann: closed 4503 banned',
  ...['bob: log 11 role banned', 'bob: log 12 delete 10'],
]

it('[H1] [M3] moderation of live sockets is the same over evictions', async () => {
  const plain = await play(false)
  expect(plain.heard).toEqual(HEARD)
  expect(plain.left).toContain('"doors":["banned",{"refused":"banned","detail":"spam"}')
  expect(await play(true)).toEqual(plain)
}, 60_000)
