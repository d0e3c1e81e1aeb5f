// Subjects that are servers in Node, each in a process of its own.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Member, stompMember } from '../load/member.ts'
import { Measured } from '../processes.ts'
import { openSubject, type Subject, times } from './subject.ts'

/** Starts one of the servers beside this file, which tells its port. */
async function startNode(file: string) {
  const child = fork(join(import.meta.dirname, file))
  const gone = once(child, 'exit').then(() => {
    throw new Error(`${file} did not start`)
  })
  const [{ port }] = (await Promise.race([once(child, 'message'), gone])) as [{ port: number }]
  gone.catch(() => {})
  const pids = child.pid === undefined ? [] : [child.pid]
  return {
    address: `127.0.0.1:${port}`,
    process: new Measured(() => pids),
    close: async () => child.disconnect(),
  }
}

export async function socketIo(): Promise<Subject> {
  const { address, process, close } = await startNode('socket-io-server.ts')
  const about = 'a room of Socket.IO over WebSockets: in memory, no sign-in'
  return openSubject({ name: 'Socket.IO', about, process, close }, (count) => {
    const room = crypto.randomUUID()
    return times(count, {
      url: `ws://${address}/socket.io/?EIO=4&transport=websocket&room=${room}`,
      greeting: [{ until: '0{' }, { say: '40', until: '40{' }],
      message: '42["message","{content}"]',
    })
  })
}

export async function stompBroker(): Promise<Subject> {
  const { address, process, close } = await startNode('stomp-broker-server.ts')
  const about = 'a topic of stomp-broker-js, a STOMP broker of npm: in memory, no sign-in'
  return openSubject({ name: 'stomp-broker-js', about, process, close }, (count) => {
    const topic = `/topic/${crypto.randomUUID()}`
    return Array.from({ length: count }, () => brokerMember(`ws://${address}/stomp`, topic))
  })
}

/** It gives no RECEIPT, so each member tells itself something, once it has subscribed. */
function brokerMember(url: string, topic: string): Member {
  const own = `/topic/${crypto.randomUUID()}`
  const member = stompMember({ url, listensTo: topic, talksTo: topic })
  const [connect, subscribe] = member.greeting
  if (!connect || !subscribe) throw new Error('a member who listens greets in two steps')
  const greeting = [
    connect,
    { say: `${subscribe.say}` },
    { say: `SUBSCRIBE\nid:own\ndestination:${own}\n\n\0` },
    { say: `SEND\ndestination:${own}\n\nready\0`, until: 'ready' },
    { say: 'UNSUBSCRIBE\nid:own\n\n\0' },
  ]
  return { ...member, greeting }
}
