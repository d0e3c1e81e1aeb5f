// Who is in the rooms that are measured: how each gets in, and what its messages look like there.

import { ask, guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import type { Member } from './client.ts'

/** Members of a new bare room. A frame is the content and a NUL. */
export function bareMembers(url: string, kind: 'broadcaster' | 'keeper', count: number): Member[] {
  const room = new URL(`/${kind}/${crypto.randomUUID()}`, url)
  room.protocol = 'ws:'
  const member = { url: room.href, hello: [], welcome: 0, head: '', tail: '\0' }
  return Array.from({ length: count }, () => member)
}

/** Members of a new room of Stompbox, each a guest of its own and a subscriber of the log. */
export async function stompMembers(url: string, count: number): Promise<Member[]> {
  const { people, roomId } = await populated(url, count)
  return Promise.all(people.map((person) => stompMember(url, person, roomId, true)))
}

/** A sender who wants receipts and listens to nothing else, and a reader. */
export async function stompPair(url: string): Promise<Member[]> {
  const { people, roomId } = await populated(url, 2)
  const [sender, reader] = people
  if (!sender || !reader) throw new Error('nobody came')
  const head = 'SEND\ndestination:/pub/send/message\ncontent-type:text/plain\nreceipt:{me}\n\n'
  return [
    { ...(await stompMember(url, sender, roomId, false)), head },
    await stompMember(url, reader, roomId, true),
  ]
}

async function populated(url: string, count: number) {
  await ask(url, 'GET', '/api/health')
  const people = await Promise.all(
    Array.from({ length: count }, (_, index) => guest(url, `Member ${index}`)),
  )
  const [owner] = people
  if (!owner) throw new Error('nobody came')
  return { people, roomId: await newRoom(url, owner) }
}

async function stompMember(
  url: string,
  person: Person,
  roomId: string,
  listens: boolean,
): Promise<Member> {
  const connect =
    'CONNECT\naccept-version:1.2\nhost:localhost\nheart-beat:0,0\n' +
    `Authorization:Bearer ${person.accessToken}\n\n\0`
  const subscribe = `SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${roomId}\nreceipt:log\n\n\0`
  return {
    url: await ticketUrl(url, person, roomId),
    protocol: 'v12.stomp',
    hello: listens ? [connect, subscribe] : [connect],
    welcome: listens ? 2 : 1,
    head: 'SEND\ndestination:/pub/send/message\ncontent-type:text/plain\n\n',
    tail: '\0',
  }
}
