// A guesser who tries one user name after the other waits too. Each guess costs the server a hash.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { refused, register } from '../support/sign-in.ts'

const PASSWORD = 'correct horse'
/** Failures of an address without a delay. */
const FREE_OF_ADDRESS = 100

let server: Server
let url: string

beforeAll(async () => {
  server = await startServer()
  url = server.url
})

afterAll(() => server.close())

const tryLogin = (username: string, password: string, address: string) =>
  ask(url, 'POST', '/api/auth/login', {
    body: { username, password },
    headers: { 'CF-Connecting-IP': address },
  })

test('a guesser is delayed by address, whoever is guessed at', async () => {
  await register(url, 'innocent', PASSWORD)
  const guess = (n: number, address: string) => tryLogin(`guess-${n}`, PASSWORD, address)
  let answer = await guess(0, '2001:db8:bad::1')
  for (let n = 1; answer.status === 401 && n <= FREE_OF_ADDRESS + 1; n++) {
    // One customer has many addresses.
    answer = await guess(n, `2001:db8:bad::${n}`)
  }
  expect(answer).toMatchObject(refused(429, 'sign-in-delayed'))
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await tryLogin('innocent', PASSWORD, '2001:db8:bad:1::1')).status).toBe(200)
})
