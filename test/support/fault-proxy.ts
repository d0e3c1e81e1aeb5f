// A proxy between WebSocket clients and a server, in the process of the test: each client has a
// route of its own through it, with its own weather and its own dice, so that a seed decides what
// befalls whom.

import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { CALM, Link, type Side, type Watch, type Weather } from './fault-link.ts'
import { randomFrom } from './random.ts'

export interface RouteNeeds {
  readonly weather: Weather
  /** What decides: the same seed, the same dice for each connection in its turn. */
  readonly seed: number
  /** Milliseconds that one side of a connection outlives the other, at most. */
  readonly linger: number
  /** Told of each connection, which is given somebody who watches it. */
  watch(connection: number): Watch
}

/** The way of one client, over all its connections. */
export class Route {
  readonly links: Link[] = []
  readonly #url: (url: string) => string
  readonly #needs: RouteNeeds
  #weather: Weather

  constructor(url: (url: string) => string, needs: RouteNeeds) {
    this.#url = url
    this.#needs = needs
    this.#weather = needs.weather
  }

  /** The URL of a WebSocket, changed so that it leads along here. */
  url(url: string): string {
    return this.#url(url)
  }

  /** The connection of the moment, if there is one. */
  get link(): Link | undefined {
    return this.links.findLast(({ alive }) => alive)
  }

  /** No fault any more; what was kept back passes. */
  calm(): void {
    this.#weather = CALM
    for (const link of this.links) link.calm()
  }

  end(): void {
    for (const link of this.links) link.end()
  }

  open(client: Side, server: Side): void {
    const { seed, linger, watch } = this.#needs
    const number = this.links.length
    const dice = (direction: number) => randomFrom((seed * 31 + number) * 31 + direction)
    this.links.push(
      new Link({
        client,
        server,
        weather: () => this.#weather,
        random: { up: dice(0), down: dice(1) },
        watch: watch(number),
        linger,
      }),
    )
  }
}

export class FaultProxy {
  readonly #target: string
  readonly #server: Server
  readonly #routes = new Map<string, Route>()
  #made = 0

  /** @param target the origin of the server, such as `http://127.0.0.1:8787` */
  private constructor(target: string) {
    this.#target = target.replace(/^http/, 'ws')
    this.#server = createServer((_, answer) => answer.writeHead(404).end())
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  static async open(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  route(needs: RouteNeeds): Route {
    const name = String(++this.#made)
    const { port } = this.#server.address() as AddressInfo
    const through = (url: string) => {
      const { pathname, search } = new URL(url)
      return `ws://127.0.0.1:${port}/${name}${pathname}${search}`
    }
    const route = new Route(through, needs)
    this.#routes.set(name, route)
    return route
  }

  /** Cuts and forgets a route. */
  remove(gone: Route): void {
    gone.end()
    for (const [name, route] of this.#routes) if (route === gone) this.#routes.delete(name)
  }

  async close(): Promise<void> {
    for (const route of this.#routes.values()) route.end()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** The client's upgrade is answered as the server answers it. */
  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [, name = '', path = ''] = /^\/(\d+)(\/.*)$/.exec(request.url ?? '') ?? []
    const route = this.#routes.get(name)
    if (!route) return void socket.destroy()
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/, */).filter(Boolean)
    const server = new WebSocket(`${this.#target}${path}`, offered, { perMessageDeflate: false })
    let below: Duplex = socket
    server.on('upgrade', (response) => {
      below = response.socket
    })
    server.on('open', () => {
      const handleProtocols = () => server.protocol || false
      const door = new WebSocketServer({
        noServer: true,
        perMessageDeflate: false,
        handleProtocols,
      })
      door.handleUpgrade(request, socket, head, (client) => {
        route.open({ ws: client, socket }, { ws: server, socket: below })
      })
    })
    server.on('unexpected-response', (_, response) => {
      socket.end(
        `HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\nConnection: close\r\n\r\n`,
      )
      response.destroy()
    })
    server.on('error', () => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      if (server.readyState === server.CONNECTING) server.terminate()
    })
  }
}
