// GET /chat: from an HTTP request to a WebSocket of a room. Whoever is refused for a credential or
// an origin never reaches the room.

import { bearerToken } from '../auth/bearer.ts'
import { Refusal } from '../refusals.ts'
import { encode } from '../stomp/encode.ts'
import { chooseProtocol } from '../stomp/version.ts'
import type { Admission } from './backend.ts'
import type { GatewayContext } from './context.ts'
import { problem, refusalOf } from './problem.ts'
import { findRoom } from './rooms.ts'

/** Who wants in, to which room, by what. */
type Entry = Omit<Admission, 'protocol'> & { readonly roomId: string }

/** The sub-protocol that carries a credential; never echoed. */
const BEARER = 'bearer.'

export async function upgrade(context: GatewayContext): Promise<Response> {
  if (context.req.header('Upgrade')?.toLowerCase() !== 'websocket') {
    throw new Refusal('upgrade-required')
  }
  const origin = context.req.header('Origin')
  if (origin !== undefined && !context.var.parts.allowsOrigin(origin, context.req.url)) {
    throw new Refusal('origin-refused')
  }
  const offered = protocols(context.req.header('Sec-WebSocket-Protocol'))
  const protocol = chooseProtocol(offered)
  try {
    const { roomId, ...entry } = await identify(context, offered)
    const answer = await findRoom(context, roomId).enter({ ...entry, protocol })
    if (answer instanceof Response) return answer
    throw new Refusal(answer.refused)
  } catch (error) {
    const refusal = refusalOf(error)
    // A browser never sees the status of a refused upgrade: it is told over the socket.
    if (origin !== undefined && protocol !== undefined) return refuseInBand(refusal, protocol)
    return problem(refusal)
  }
}

/** Reads the credential: a ticket in the URL, a token in the header, or either as a sub-protocol. */
async function identify(context: GatewayContext, offered: readonly string[]): Promise<Entry> {
  const inUrl = context.req.query('token')
  if (inUrl !== undefined) return byTicket(context, inUrl)
  const inHeader = bearerToken(context.req.header('Authorization'))
  if (inHeader !== undefined) return byAccessToken(context, inHeader)
  const inProtocol = offered.find((each) => each.startsWith(BEARER))?.slice(BEARER.length)
  if (inProtocol === undefined) throw new Refusal('token-missing')
  return context.req.query('room') === undefined
    ? byTicket(context, inProtocol)
    : byAccessToken(context, inProtocol)
}

async function byTicket(context: GatewayContext, token: string): Promise<Entry> {
  const { id, roomId, principal, expiresAt } = await context.var.parts.tokens.ticket(token)
  const asked = context.req.query('room')
  if (asked !== undefined && asked !== roomId)
    throw new Refusal('not-allowed', 'another room’s ticket')
  return { roomId, principal, ticket: { id, expiresAt } }
}

async function byAccessToken(context: GatewayContext, token: string): Promise<Entry> {
  const { principal } = await context.var.parts.tokens.access(token)
  if (!principal.roles.includes('GENERAL')) throw new Refusal('not-allowed', 'GENERAL is needed')
  return { roomId: context.req.query('room') ?? '', principal, ticket: undefined }
}

/** Accepts only to say why not: an ERROR with the code, and the close that says what to do. */
function refuseInBand(refusal: Refusal, protocol: string): Response {
  const { 0: client, 1: server } = new WebSocketPair()
  server.accept()
  const headers = [
    ['message', refusal.row.sentence],
    ['code', refusal.code],
    ['content-type', 'text/plain'],
  ] as const
  server.send(encode({ command: 'ERROR', headers, body: refusal.text }, '1.0'))
  server.close(refusal.row.close, refusal.code)
  const echoed = { 'Sec-WebSocket-Protocol': protocol }
  return new Response(null, { status: 101, webSocket: client, headers: echoed })
}

function protocols(header: string | undefined): string[] {
  return (header ?? '').split(',').map((entry) => entry.trim())
}
