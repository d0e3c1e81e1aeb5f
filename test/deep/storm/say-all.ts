// Many messages at once, by somebody who does not wait for one before the next, and does not give
// in.

import { frameText, type StompSocket } from '../../support/stomp-socket.ts'

/** Connections that may be lost before all is said. */
const MOST = 50

/** Says something of a size under each key; gives the seqs by key, in the order of the keys. */
export async function sayAll(
  open: () => Promise<StompSocket>,
  keys: readonly string[],
  size: number,
): Promise<Map<string, number>> {
  const seqs = new Map<string, number>()
  for (let connections = 0; seqs.size < keys.length; connections++) {
    if (connections === MOST) throw new Error(`${keys.length - seqs.size} could not be said`)
    // Whatever befalls the room befalls this connection too.
    const socket = await open().catch(() => undefined)
    if (!socket) continue
    const left = keys.filter((key) => !seqs.has(key))
    socket.raw(left.map((key) => send(key, size)).join(''))
    await socket.frames.count(left.length, isReceipt).catch(() => undefined)
    for (const { headers } of socket.frames.items.filter(isReceipt)) {
      seqs.set(headers['receipt-id'] ?? '', Number(headers.seq))
    }
    await socket.hangUp()
  }
  return seqs
}

function send(key: string, size: number): string {
  const headers = { destination: '/pub/send/message', 'idempotency-key': key, receipt: key }
  return frameText('SEND', headers, key + 'x'.repeat(size))
}

const isReceipt = ({ command }: { readonly command: string }) => command === 'RECEIPT'
