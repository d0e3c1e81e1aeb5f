// The application of a hook, which may be slow, fail or lie.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askHook, newHookSecret, signature } from '../../../../src/objects/room/hook.ts'
import { HookServer, signatureOf } from '../../../support/hook-server.ts'

const server = new HookServer()
let url = ''

beforeAll(async () => {
  url = await server.start()
})
afterAll(() => server.stop())

const question = (at = url) => ({
  ...{ url: at, secret: newHookSecret(), failOpen: false, body: '{"type":"message.before"}' },
})

it('signs as the example of Standard Webhooks', async () => {
  const text = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
  expect(await signature('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', text)).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  )
})

it('asks once, with a signature of what it sends', async () => {
  const asks = question()
  const answer = askHook(asks)
  const asked = await server.next()
  asked.answer.end('{"allow":true}')
  expect(await answer).toEqual({ allow: true })
  expect(asked.body).toBe(asks.body)
  expect(asked.headers['content-type']).toBe('application/json')
  expect(asked.headers['webhook-id']).toMatch(/^msg_/)
  expect(asked.headers['webhook-signature']).toBe(signatureOf(asks.secret, asked))
  expect(Buffer.from(asks.secret.slice('whsec_'.length), 'base64')).toHaveLength(32)
  expect(server.asked).toEqual([])
})

describe('no answer is', () => {
  it.each<[what: string, status: number, body: string, headers?: Record<string, string>]>([
    ['an error', 500, '{"allow":true}'],
    ['a redirect', 302, '', { Location: 'http://127.0.0.1/' }],
    ['a page', 200, '<html>'],
    ['nothing', 200, ''],
    ['cut off', 200, '{"allow":'],
    ['too long', 200, `{"allow":true,"x":"${'x'.repeat(5000)}"}`],
    ['not UTF-8', 200, '\u00ff'],
  ])('%s', async (what, status, body, headers = {}) => {
    const answer = askHook(question())
    const asked = await server.next()
    asked.answer.writeHead(status, headers)
    asked.answer.end(what === 'not UTF-8' ? Buffer.from([0xff]) : body)
    expect(await answer).toBeUndefined()
    expect(server.asked).toEqual([])
  })

  it('an answer without an end: the rest is not read', async () => {
    const answer = askHook(question())
    const asked = await server.next()
    const closed = new Promise((resolve) => asked.answer.on('close', resolve))
    asked.answer.write('x'.repeat(5000))
    expect(await answer).toBeUndefined()
    await closed
  })

  it('[H2] one that does not come in time, nor one that comes bit by bit', async () => {
    const answers = [askHook(question()), askHook(question())]
    const [, slow] = [await server.next(), await server.next()]
    slow.answer.write('{')
    expect(await Promise.all(answers)).toEqual([undefined, undefined])
  })

  it('a connection that ends, or that nobody takes', async () => {
    const answer = askHook(question())
    const asked = await server.next()
    asked.answer.destroy()
    expect(await answer).toBeUndefined()
    expect(await askHook(question('http://127.0.0.1:1/'))).toBeUndefined()
  })
})
