// Clients that nobody changed: connecting, the log, channels, headers, and being told no.

import { expect, test } from 'vitest'
import { MESSAGE, setStage, withEveryClient } from '../support/clients/stage.ts'
import { frameText } from '../support/stomp-socket.ts'

const stage = setStage()

withEveryClient((kind) => {
  test('[STOMP A1][STOMP F1][STOMP F3] connects with the newest version that it offers', async () => {
    const scene = await stage.scene()
    const client = await scene.enter(kind)
    expect((await client.connected()).headers).toMatchObject({
      version: kind.version,
      session: expect.stringMatching(/^[\w-]+$/),
      server: expect.stringMatching(/^stompbox\/\d/),
      'user-name': scene.person.id,
      'user-display-name': '%EB%B3%B4%EB%9D%BC',
    })
    expect(client.wire.protocol).toBe(`v${kind.version.replace('.', '')}.stomp`)
    expect([...client.wire.kinds]).toEqual([kind.sends])
  })

  test('[STOMP I11][STOMP N2][L2][L6] reads the log after a seq and on, and a RECEIPT carries the seq', async () => {
    const scene = await stage.scene()
    for (const content of ['one', 'two', 'three']) {
      await scene.witness.ask('SEND', { destination: MESSAGE }, content)
    }
    const client = await scene.enter(kind)
    const subscribed = client.newReceipt()
    client.subscribe('log', scene.log, { after: '1', receipt: subscribed })
    await client.messages('log', 2)
    const receipt = await client.ask(MESSAGE, '네 번째 🎉', { 'idempotency-key': 'k' })
    expect(receipt.headers.seq).toBe('4')
    const again = await client.ask(MESSAGE, '네 번째 🎉', { 'idempotency-key': 'k' })
    expect(again.headers.seq).toBe('4')
    await scene.witness.ask('SEND', { destination: MESSAGE }, 'five')

    const messages = await client.messages('log', 4)
    expect(messages.map(({ headers }) => [headers.seq, headers.prev])).toEqual([
      ['2', '1'],
      ['3', '2'],
      ['4', '3'],
      ['5', '4'],
    ])
    const contents = messages.map(({ body }) => JSON.parse(body).content)
    expect(contents).toEqual(['two', 'three', '네 번째 🎉', 'five'])
    const order = client.heard.items.map(({ command }) => command)
    expect(order.slice(0, 4)).toEqual(['CONNECTED', 'RECEIPT', 'MESSAGE', 'MESSAGE'])
    expect(client.heard.items[1]?.headers).toEqual({ 'receipt-id': subscribed })
    const receipts = client.heard.items.filter(({ command }) => command === 'RECEIPT')
    expect(receipts).toHaveLength(3)
  })

  test.runIf(kind.multiFrame)(
    '[STOMP B4][L2] that says multi-frame reads every event of a message of many frames',
    async () => {
      const scene = await stage.scene()
      for (let at = 1; at <= 10; at++) {
        await scene.witness.ask('SEND', { destination: MESSAGE }, `no ${at}`)
      }
      const client = await scene.enter(kind, { connectHeaders: { 'multi-frame': 'true' } })
      expect((await client.connected()).headers['multi-frame']).toBe('true')
      client.subscribe('log', scene.log, { after: '0' })
      const seqs = (await client.messages('log', 10)).map(({ headers }) => Number(headers.seq))
      expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      const framesIn = (message: string) =>
        message.split('\0').filter((text) => text.startsWith('MESSAGE\n')).length
      expect(Math.max(...client.wire.messages.items.map(framesIn))).toBeGreaterThan(1)
    },
  )

  test('[STOMP H2][STOMP H8][STOMP H10][STOMP I7] hears what it says to a channel, and so do others', async () => {
    const scene = await stage.scene()
    const destination = scene.channel('cursors')
    await scene.witness.ask('SUBSCRIBE', { id: 'w', destination })
    const client = await scene.enter(kind)
    await client.listen('first', destination)
    await client.listen('second', destination)
    const secrets = { login: 'me', passcode: 'secret', 'message-id': 'forged' }
    const own = { 'content-type': 'application/x-cursor', 'x-tone': '한글 🙂' }
    await client.ask(destination, '{"x":1,\n"y":2}', { ...own, ...secrets })

    const theirs = await scene.witness.frames.find(({ command }) => command === 'MESSAGE')
    const [first] = await client.messages('first', 1)
    const [second] = await client.messages('second', 1)
    const name = encodeURIComponent('보라')
    const sender = {
      'sender-id': scene.person.id,
      'sender-display-name': name,
      'sender-guest': 'true',
    }
    const expected = { ...own, destination, ...sender }
    for (const message of [theirs, first, second]) {
      expect(message?.headers).toMatchObject(expected)
      expect(message?.body).toBe('{"x":1,\n"y":2}')
      expect(message?.headers['message-id']).not.toBe('forged')
      for (const header of ['receipt', 'login', 'passcode', 'Authorization']) {
        expect(message?.headers).not.toHaveProperty(header)
      }
    }
  })

  test('[STOMP D1][STOMP D4][STOMP D11] gives and is given every character in a header', async () => {
    const scene = await stage.scene()
    const destination = scene.channel('headers')
    const { witness } = scene
    await witness.ask('SUBSCRIBE', { id: 'w', destination })
    const client = await scene.enter(kind)
    await client.listen('c', destination)
    // What the client may say: one that does not escape has no word for a backslash or a line end.
    const clear = 'room:12 한글 🙂'
    const value = kind.escapes ? `${clear} \\ C:\\dir\nnext` : clear
    await client.ask(destination, 'x', { 'x-note': value })
    const theirs = await witness.frames.find(({ command }) => command === 'MESSAGE')
    expect(theirs.headers['x-note']).toBe(value)

    // What it is given, by one who can say everything. No r, n or c after a backslash:
    // @stomp/stompjs undoes escapes one kind after the other, and takes `C:\\new` for a line end.
    const all = `${clear} \\ C:\\dir\nnext`
    witness.raw(frameText('SEND', { destination, 'x-note': all }, 'y'))
    const [, given] = await client.messages('c', 2)
    // One that does not undo escapes shows them, all on one line: no header is forged.
    const shown = kind.escapes ? all : 'room\\c12 한글 🙂 \\\\ C\\c\\\\dir\\nnext'
    expect(given?.headers['x-note']).toBe(shown)
    expect(given?.body).toBe('y')
  })

  test('[STOMP L1] hears nothing more of what it unsubscribed from', async () => {
    const scene = await stage.scene()
    const destination = scene.channel('noise')
    const client = await scene.enter(kind)
    await client.listen('first', destination)
    await client.ask(destination, 'heard')
    client.unsubscribe('first')
    await client.ask(destination, 'not heard')
    await client.listen('second', destination)
    await client.ask(destination, 'heard again')
    expect((await client.messages('second', 1)).map(({ body }) => body)).toEqual(['heard again'])
    expect(client.soFar('first').map(({ body }) => body)).toEqual(['heard'])
    expect(client.wire.messages.items.join('')).not.toContain('not heard')
  })

  test('[STOMP I10][STOMP O1][STOMP O4][A2] is told in an ERROR what is not allowed, then closed', async () => {
    const scene = await stage.scene()
    const client = await scene.enter(kind, { ticketUrl: onceOnly(scene.ticketUrl) })
    const { wire } = client
    client.subscribe('other', '/topic/chat/room/another')
    const error = await client.error()
    expect(error.headers).toMatchObject({
      message: 'You are not allowed to do this.',
      code: 'not-allowed',
      subscription: 'other',
      'content-type': 'text/plain',
    })
    expect(error.body).toContain('You are not allowed to do this.')
    expect(await wire.closed).toEqual({ code: 4503, reason: 'not-allowed' })
  })
})

/** A client that connects again by itself is not given a second ticket. */
function onceOnly(ticketUrl: () => Promise<string>): () => Promise<string> {
  let asked = false
  return () => {
    if (asked) return new Promise(() => undefined)
    asked = true
    return ticketUrl()
  }
}
