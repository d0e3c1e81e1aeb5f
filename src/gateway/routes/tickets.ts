// POST /api/rooms/:id/tickets: what opens one WebSocket, and the room as GET shows it. The account
// is asked here. It asks the room and notes the visit, so an upgrade that follows at once does not
// ask it again. POST /api/me/tickets: the same for a socket to one's own account.

import { nanoid } from 'nanoid'
import type { AccessClaims } from '../../auth/tokens/access-token.ts'
import type { Ticket } from '../../auth/tokens/ticket.ts'
import type { Answer, ShownRoom } from '../../contract.ts'
import { bearerOf, demandAuthority, type GatewayContext, identify, isGeneral } from '../context.ts'
import { isHttps } from '../http/cookies.ts'
import { granted } from '../http/problem.ts'
import { requestCost } from '../request-costs.ts'
import { isRoomId } from './rooms.ts'
import { shownTo } from './shown-room.ts'

/**
 * POST /api/rooms/:id/tickets. @throws Refusal `not-allowed`, and as `identify` and `prepareVisit`.
 */
export async function createTicket(context: GatewayContext): Promise<Response> {
  const roomId = context.req.param('id') ?? ''
  const id = nanoid()
  // Taken before the account is asked: it tells the room of everything that ends later.
  const askedAt = Date.now()
  let shown: Answer<ShownRoom> = { refused: 'room-unknown' }
  const claims = await identify(context, async (account, claims) => {
    const [bearer, cost] = [bearerOf(claims), requestCost(context)]
    if (!isRoomId(roomId) || !isGeneral(claims)) return account.check(bearer, cost)
    const answer = await account.prepareVisit(claims.principal, bearer, roomId, id, cost)
    if ('value' in answer) shown = answer.value
    return answer
  })
  demandAuthority(claims, 'GENERAL')
  const room = shownTo(granted(shown))
  const made = await ticketFor(context, claims, { id, roomId, askedAt })
  return context.json({ ...made, room }, 201)
}

/**
 * POST /api/me/tickets: for a socket of one's own account. @throws Refusal `not-allowed`, and as
 * `identify`.
 */
export async function createListTicket(context: GatewayContext): Promise<Response> {
  const askedAt = Date.now()
  const claims = await identify(context)
  demandAuthority(claims, 'GENERAL')
  const made = await ticketFor(context, claims, { id: nanoid(), roomId: undefined, askedAt })
  return context.json(made, 201)
}

/** A ticket, and the URL that it opens. */
async function ticketFor(
  context: GatewayContext,
  claims: AccessClaims,
  about: Pick<Ticket, 'id' | 'roomId' | 'askedAt'>,
) {
  const { ticket, expiresIn } = await context.var.parts.tokens.ticketFor(claims, about)
  const here = new URL(context.req.url)
  const scheme = isAskedOverTls(context, here) ? 'wss' : 'ws'
  return { ticket, url: `${scheme}://${here.host}/chat?token=${ticket}`, expiresIn }
}

/**
 * Whether the client speaks TLS, perhaps to a proxy: a page on https may only open `wss`. A client
 * that lies about it gets a URL that does not work.
 */
function isAskedOverTls(context: GatewayContext, { host, hostname }: URL): boolean {
  if (isHttps(context)) return true
  // A tunnel to `wrangler dev` may say nothing, and `wrangler dev` writes http into Origin.
  // Browsers send Sec-Fetch-Site over https, and over http to their own machine alone (Fetch
  // Metadata, 2.5).
  if (context.req.header('Sec-Fetch-Site') !== undefined && !isOwnMachine(hostname)) return true
  const named = context.req.header('Origin')
  const origin = named === undefined ? null : URL.parse(named)
  return origin?.protocol === 'https:' && origin.host === host
}

const isOwnMachine = (hostname: string) =>
  /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
