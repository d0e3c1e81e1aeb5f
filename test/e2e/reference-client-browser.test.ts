// The reference client in a real browser: what was said and not sent outlives a reload, in
// IndexedDB, and is then sent once. The page of the deployment does nothing else here.

import { expect, it } from 'vitest'
import { setStage, type Visitor } from '../support/browser.ts'
import { serveLibrary } from '../support/client-in-browser.ts'
import { ask, guest, newRoom, type Person } from '../support/people.ts'

const stage = setStage()

interface Shown {
  readonly contents: string[]
  /** Of the outbox, in its order: `one waiting`. */
  readonly outgoing: string[]
}

/** Starts a client in a page, where nothing of an earlier one is but its IndexedDB. */
async function begin({ page }: Visitor, person: Person, roomId: string): Promise<void> {
  await serveLibrary(page)
  await page.evaluate(
    `(async ({ userId, roomId, token }) => {
      const { Client } = await import('/library/stompjs/index.js')
      const library = await import('/library/client/index.js')
      const { createHttpApi, createIndexedDbOutbox, createRoomClient } = library
      const outbox = createIndexedDbOutbox({ userId, roomId })
      globalThis.shown = []
      globalThis.outbox = outbox
      globalThis.client = createRoomClient({
        roomId,
        Client,
        userId,
        outbox,
        after: 0,
        session: { accessToken: async () => token },
        api: createHttpApi(location.origin),
        timing: { firstWait: 50, lastWait: 200 },
        onEvent: ({ content }) => shown.push(content),
      })
      client.start()
    })(${JSON.stringify({ userId: person.id, roomId, token: person.accessToken })})`,
  )
}

const look = ({ page }: Visitor): Promise<Shown> =>
  page.evaluate(`({
    contents: shown,
    outgoing: client.outgoing.map(({ body, state }) => body.content + ' ' + state),
  })`)

const say = ({ page }: Visitor, ...contents: string[]) =>
  page.evaluate(`for (const content of ${JSON.stringify(contents)}) client.send(content)`)

/** Waits until so many entries would survive a reload. */
const stored = async ({ page }: Visitor, count: number) => {
  const length = () => page.evaluate('outbox.load().then((entries) => entries.length)')
  await expect.poll(length).toBe(count)
}

/** Somebody with the page open, and a room. */
async function arrive() {
  const { url } = stage.server
  const ada = await guest(url, 'Ada')
  const roomId = await newRoom(url, ada)
  return { ada, roomId, visitor: await stage.visit() }
}

/** What the room holds. */
async function logged(person: Person, roomId: string): Promise<string[]> {
  const path = `/api/rooms/${roomId}/events?after=0`
  const { body } = await ask(stage.server.url, 'GET', path, { token: person.accessToken })
  return body.events.map(({ content }: { content: string }) => content)
}

it('[L5] brings back over reloads what was said without a network, and sends it once', async () => {
  const { ada, roomId, visitor } = await arrive()
  await visitor.page.route('**/tickets', (route) => route.abort())
  await begin(visitor, ada, roomId)
  await say(visitor, 'one', 'two')
  await stored(visitor, 2)

  await visitor.page.reload()
  await begin(visitor, ada, roomId)
  await expect
    .poll(async () => (await look(visitor)).outgoing)
    .toEqual(['one waiting', 'two waiting'])
  await say(visitor, 'three')
  await stored(visitor, 3)
  expect(await logged(ada, roomId)).toEqual([])

  await visitor.page.reload()
  await visitor.page.unroute('**/tickets')
  await begin(visitor, ada, roomId)
  const expected = ['one', 'two', 'three']
  await expect.poll(() => look(visitor)).toEqual({ contents: expected, outgoing: [] })
  expect(await logged(ada, roomId)).toEqual(expected)
  await stored(visitor, 0)
})

it('[L5] sends under the same key, after a reload, what was on its way', async () => {
  const { ada, roomId, visitor } = await arrive()
  let deaf = true
  await visitor.page.routeWebSocket(/\/chat/, (page) => {
    const behind = page.connectToServer()
    // What it says arrives; what it would be told about that does not.
    behind.onMessage((frames) => {
      if (!deaf || !/RECEIPT\n.*\nseq:|MESSAGE\n/.test(String(frames))) page.send(frames)
    })
  })
  await begin(visitor, ada, roomId)
  await say(visitor, 'one', 'two')
  await expect.poll(() => logged(ada, roomId)).toEqual(['one'])
  await stored(visitor, 2)
  deaf = false
  await visitor.page.reload()
  await begin(visitor, ada, roomId)
  await expect.poll(() => look(visitor)).toEqual({ contents: ['one', 'two'], outgoing: [] })
  expect(await logged(ada, roomId)).toEqual(['one', 'two'])
})

it('[L5] holds one event of what two tabs send', async () => {
  const { ada, roomId, visitor } = await arrive()
  const context = visitor.page.context()
  await context.route('**/tickets', (route) => route.abort())
  await begin(visitor, ada, roomId)
  await say(visitor, 'one', 'two', 'three')
  await stored(visitor, 3)
  const other = await stage.beside(visitor)
  await begin(other, ada, roomId)
  await expect.poll(async () => (await look(other)).outgoing).toHaveLength(3)
  await context.unroute('**/tickets')
  const expected = { contents: ['one', 'two', 'three'], outgoing: [] }
  await expect.poll(() => look(visitor)).toEqual(expected)
  await expect.poll(() => look(other)).toEqual(expected)
  expect(await logged(ada, roomId)).toEqual(expected.contents)
})

it('keeps what is of one person in one room apart, and forgets all of it', async () => {
  const { ada, roomId, visitor } = await arrive()
  await visitor.page.route('**/tickets', (route) => route.abort())
  await begin(visitor, ada, roomId)
  await say(visitor, 'of Ada')
  await stored(visitor, 1)
  await begin(visitor, { ...ada, id: 'somebody else' }, roomId)
  await stored(visitor, 0)
  await begin(visitor, ada, 'another room')
  await stored(visitor, 0)
  await begin(visitor, ada, roomId)
  await stored(visitor, 1)
  await visitor.page.evaluate(
    "import('/library/client/index.js').then(({ forgetOutboxes }) => forgetOutboxes())",
  )
  await stored(visitor, 0)
})
