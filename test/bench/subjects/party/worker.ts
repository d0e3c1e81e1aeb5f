// A PartyServer as its documentation shows one: says every message again to everybody, and keeps
// nothing.

import { type Connection, routePartykitRequest, Server, type WSMessage } from 'partyserver'

export class Party extends Server {
  static override options = { hibernate: true }

  override onMessage(_connection: Connection, message: WSMessage) {
    this.broadcast(message)
  }
}

export default {
  async fetch(request: Request, env: Cloudflare.Env): Promise<Response> {
    return (await routePartykitRequest(request, env)) ?? new Response(null, { status: 404 })
  },
}
