// The reference client in Node when the server is killed under it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startMortalServer } from '../support/mortal-server.ts'
import { guest, newRoom } from '../support/people.ts'
import { visit } from '../support/reference-client.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `${at}`)

it('[L3][L4] the server is killed, and starts again on its storage', async () => {
  const storage = mkdtempSync(join(tmpdir(), 'stompbox-'))
  onTestFinished(() => rmSync(storage, { recursive: true, force: true }))
  let mortal = await startMortalServer(storage)
  onTestFinished(() => mortal.kill())
  const person = await guest(mortal.url, 'Ada')
  const roomId = await newRoom(mortal.url, person)
  const visitor = visit(() => mortal.url, person, roomId)
  for (const content of numbered(40)) visitor.client.send(content)
  for (const least of [5, 20]) {
    await visitor.events.count(least)
    await mortal.kill()
    mortal = await startMortalServer(storage)
  }
  expect(await visitor.contents(40)).toEqual(numbered(40))
  expect(visitor.events.items.map(({ seq }) => seq)).toEqual(numbered(41).slice(1).map(Number))
  await expect.poll(() => visitor.client.outgoing).toEqual([])
})
