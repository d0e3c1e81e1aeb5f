// GET /chat: from an HTTP request to a WebSocket of a room, or of one's own account. Whoever is
// refused for a credential or an origin never reaches either.

import { nanoid } from 'nanoid'
import type { Bearer } from '../../auth/bearer.ts'
import { bearerToken } from '../../auth/bearer.ts'
import { forRoom, outsideRooms } from '../../auth/principal.ts'
import type { Admission } from '../../contract.ts'
import { Refusal, type RefusalCode } from '../../refusals.ts'
import { encode } from '../../stomp/encode.ts'
import { chooseProtocol } from '../../stomp/version.ts'
import { bearerOf, demandAuthority, type GatewayContext } from '../context.ts'
import { untilEven } from '../http/even-time.ts'
import { granted, httpRefusalOf, problem } from '../http/problem.ts'
import { UPGRADE_COST } from '../request-costs.ts'
import { demandRoomId, isRoomId } from './rooms.ts'

/** Who wants in, to what, by what. */
interface Arriving extends Pick<Admission, 'principal' | 'ticket'> {
  /** Undefined: to their own account. */
  readonly roomId: string | undefined
  readonly bearer: Bearer
  /** When the account was asked, where it was; milliseconds since 1970. */
  readonly askedAt: number | undefined
}

/** The sub-protocol that carries a credential; never echoed. */
const BEARER = 'bearer.'

/**
 * GET /chat: the 101 with the socket. A browser that is refused is told over the socket.
 *
 * @throws Refusal `upgrade-required`, `origin-refused`. Every later refusal is an answer.
 */
export async function upgrade(context: GatewayContext): Promise<Response> {
  if (context.req.header('Upgrade')?.toLowerCase() !== 'websocket') {
    throw new Refusal('upgrade-required')
  }
  const origin = context.req.header('Origin')
  if (!mayCome(context, origin)) {
    note(context, 'origin-refused')
    throw new Refusal('origin-refused')
  }
  const offered = protocols(context.req.header('Sec-WebSocket-Protocol'))
  const protocol = chooseProtocol(offered)
  const begun = Date.now()
  let arriving: Arriving | undefined
  try {
    arriving = await readCredential(context, offered)
    return await enter(context, arriving, protocol)
  } catch (error) {
    const refusal = httpRefusalOf(error)
    note(context, refusal.code, arriving)
    await untilEven(refusal.code, begun, context.var.parts.config.unknownRoomMs)
    // A browser never sees the status of a refused upgrade: it is told over the socket.
    if (origin !== undefined && protocol !== undefined) return refuseInBand(refusal, protocol)
    return problem(refusal)
  }
}

/**
 * Milliseconds for which the upgrade relies on the answer that the account gave for the ticket. A
 * revocation may take as long to reach a socket (A5). If the sign-in ends in between, the account
 * tells the room, because it noted the ticket.
 */
const ACCOUNT_ANSWER_HOLDS_MS = 1000

/** The account is asked before the room, which an ended session never reaches (A5). */
async function enter(
  context: GatewayContext,
  { roomId, bearer, askedAt, ...who }: Arriving,
  protocol: string | undefined,
): Promise<Response> {
  const { backend } = context.var.parts
  const isAsked = askedAt !== undefined && Math.abs(Date.now() - askedAt) < ACCOUNT_ANSWER_HOLDS_MS
  if (roomId === undefined) {
    const own = { ...who, bearer, cost: isAsked ? 0 : UPGRADE_COST, protocol }
    return opened(await backend.enterAccount(who.principal.id, own))
  }
  demandRoomId(roomId)
  const account = backend.account(who.principal.id)
  const visitId = who.ticket?.id ?? nanoid()
  const isNoted =
    isAsked || granted(await account.checkVisit(bearer, roomId, visitId, UPGRADE_COST)).noted
  const { sessionId, version } = bearer
  const admission = { ...who, sessionId, version, visitId, protocol }
  // R5: the room has the others noted once it lets them in.
  const toNote = isNoted ? undefined : bearer
  return opened(await backend.enterRoom(roomId, { ...admission, toNote }))
}

/** The 101 of an object that lets somebody in. @throws Refusal with its "no". */
function opened(answer: Response | { readonly refused: RefusalCode }): Response {
  if (answer instanceof Response) return answer
  throw new Refusal(answer.refused)
}

/**
 * Origin protects from scripts of other pages (RFC 6455, section 10.2). No script can set
 * `Authorization` on an upgrade: where that is there, Origin decides nothing.
 */
function mayCome(context: GatewayContext, origin: string | undefined): boolean {
  if (origin === undefined || context.req.header('Authorization') !== undefined) return true
  return context.var.parts.allowsOrigin(origin, context.req.url)
}

function note(context: GatewayContext, code: RefusalCode, arriving?: Arriving): void {
  const user = arriving && { user: arriving.principal.id }
  // What cannot be a room is a text of a stranger's.
  const { roomId } = arriving ?? {}
  const room = roomId !== undefined && isRoomId(roomId) && { room: roomId }
  context.var.parts.refusals.write({ event: 'entry-refused', ...user, ...room, code })
}

/**
 * Reads the credential: a ticket in the URL, a token in the header, or either as a sub-protocol.
 */
async function readCredential(
  context: GatewayContext,
  offered: readonly string[],
): Promise<Arriving> {
  const inUrl = context.req.query('token')
  if (inUrl !== undefined) return byTicket(context, inUrl)
  const inHeader = bearerToken(context.req.header('Authorization'))
  if (inHeader !== undefined) return byAccessToken(context, inHeader)
  const inProtocol = offered.find((each) => each.startsWith(BEARER))?.slice(BEARER.length)
  if (inProtocol === undefined) throw new Refusal('token-missing')
  return context.req.query('room') === undefined && !isToAccount(context)
    ? byTicket(context, inProtocol)
    : byAccessToken(context, inProtocol)
}

async function byTicket(context: GatewayContext, token: string): Promise<Arriving> {
  const { id, roomId, principal, askedAt, ...session } =
    await context.var.parts.tokens.ticket(token)
  const asked = context.req.query('room')
  const isRight = isToAccount(context) ? roomId === undefined : [undefined, roomId].includes(asked)
  if (!isRight) throw new Refusal('not-allowed', 'another socket’s ticket')
  const { expiresAt } = session
  return { roomId, principal, bearer: bearerOf(session), askedAt, ticket: { id, expiresAt } }
}

async function byAccessToken(context: GatewayContext, token: string): Promise<Arriving> {
  const claims = await context.var.parts.tokens.access(token)
  demandAuthority(claims, 'GENERAL')
  const roomId = isToAccount(context) ? undefined : (context.req.query('room') ?? '')
  const principal =
    roomId === undefined ? outsideRooms(claims.principal) : forRoom(claims.principal, roomId)
  return { roomId, principal, bearer: bearerOf(claims), askedAt: undefined, ticket: undefined }
}

/** Whether a socket to one's own account is asked for. @throws Refusal `query-invalid`. */
function isToAccount(context: GatewayContext): boolean {
  if (context.req.query('account') !== 'me') return false
  if (context.req.query('room') === undefined) return true
  throw new Refusal('query-invalid', 'room or account')
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
  return (header ?? '').split(',').map((each) => each.trim())
}
