// The attacks over HTTP: requests at full speed, as many at a time as a browser would never have.

import { Agent, request } from 'node:http'
import type { Assault, Attack } from './attack.ts'

const AT_ONCE = 32

interface Asking {
  readonly method: 'GET' | 'POST'
  readonly path: (assault: Assault) => string
  readonly body?: string
}

const requests = (about: string, { method, path, body = '' }: Asking): Attack => ({
  about,
  async run(assault) {
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
    const headers = {
      Authorization: `Bearer ${assault.scene.person.accessToken}`,
      'Content-Type': 'application/json',
    }
    const url = `${assault.scene.url}${path(assault)}`
    const ask = () =>
      new Promise<void>((resolve) => {
        const asked = request(url, { agent, method, headers }, (answer) => {
          let text = ''
          answer.on('data', (piece: Buffer) => {
            assault.tally.heard += piece.length
            if (text.length < 1000) text += piece
          })
          answer.on('end', () => {
            const { statusCode = 0 } = answer
            if (statusCode < 300) assault.tally.done++
            else assault.tally.count(`${statusCode} ${/"code":"([\w-]+)"/.exec(text)?.[1] ?? ''}`)
            resolve()
          })
        })
        asked.on('error', ({ message }) => {
          assault.tally.count(message)
          resolve()
        })
        asked.end(body)
      })
    const oneByOne = async () => {
      while (!assault.over) await ask()
    }
    await Promise.all(Array.from({ length: AT_ONCE }, oneByOne))
    agent.destroy()
  },
})

export const HTTP_ATTACKS: Readonly<Record<string, Attack>> = {
  pages: requests('pages of 200 events', {
    method: 'GET',
    path: ({ scene }) => `/api/rooms/${scene.roomId}/events?limit=200`,
  }),
  tickets: requests('tickets', {
    method: 'POST',
    path: ({ scene }) => `/api/rooms/${scene.roomId}/tickets`,
  }),
  rooms: requests('new rooms', {
    method: 'POST',
    path: () => '/api/rooms',
    body: JSON.stringify({ name: 'one of many' }),
  }),
}
