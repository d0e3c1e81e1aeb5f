// A room of a hundred lines at the other end of fake WebSockets, for the tests of a client: a log,
// idempotency-keys, and hooks through which a test loses, refuses and cuts.

export interface SentFrame {
  readonly command: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface LoggedEvent {
  readonly seq: number
  readonly type: string
  readonly at: string
  readonly sender: { readonly id: string; readonly name: string }
  readonly content?: string
  readonly idempotencyKey?: string
}

type Headers = Record<string, string | number>

const LOG = '/topic/chat/room/'
/** Undefined on a platform that has none. */
const UTF8 = typeof TextDecoder === 'function' ? new TextDecoder() : undefined

export class FakeRoomServer {
  readonly log: LoggedEvent[] = []
  /** Every socket that was ever opened. */
  readonly sockets: FakeSocket[] = []
  /** Every frame that reached the room. */
  readonly frames: SentFrame[] = []
  /** Sees each frame before the room does. True: the room never sees it. */
  meddle: (frame: SentFrame, socket: FakeSocket) => boolean = () => false
  /** Sees what the room says. False: it is lost, and the socket stays open. */
  passes: (text: string) => boolean = () => true
  /** The socket opens and is answered; otherwise it hangs. */
  opens = true
  /** A text message ends at its first NUL, both ways, as in React Native. */
  cutsTexts = false

  /** To be given to a client as its WebSocket. */
  readonly WebSocket = socketOf(this)

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1)
    if (!socket) throw new Error('no socket was opened')
    return socket
  }

  /** Somebody says something. */
  say(content: string, more: Partial<LoggedEvent> = {}): LoggedEvent {
    const seq = this.log.length + 1
    const sender = { id: 'ann', name: 'Ann' }
    const at = '2026-11-21T08:00:00.000Z'
    const event = { seq, type: 'message', at, sender, content, ...more }
    this.log.push(event)
    for (const socket of this.sockets) for (const id of socket.logs) socket.tell(id, event, seq - 1)
    return event
  }

  /** Something comes on the subscription to the signals. */
  signal(body: object): void {
    const destination = '/topic/rooms/room'
    const asked = this.heard('SUBSCRIBE').findLast(
      ({ headers }) => headers.destination === destination,
    )
    const ids = { subscription: asked?.headers.id ?? '', 'message-id': 'm', destination }
    this.socket.frame('MESSAGE', ids, JSON.stringify(body))
  }

  /** Answers SENDs of the outbox so, as long as there are answers. Gives those that come. */
  answer(...answers: ((socket: FakeSocket, frame: SentFrame) => void)[]): SentFrame[] {
    const seen: SentFrame[] = []
    this.meddle = (frame, socket) => {
      if (!frame.headers['idempotency-key']) return false
      seen.push(frame)
      const act = answers.shift()
      act?.(socket, frame)
      return act !== undefined
    }
    return seen
  }

  /** The frames of one command that reached the room. */
  heard(command: string): SentFrame[] {
    return this.frames.filter((frame) => frame.command === command)
  }

  /** The SENDs to one destination. */
  sends(destination = '/pub/send/message'): SentFrame[] {
    return this.heard('SEND').filter(({ headers }) => headers.destination === destination)
  }

  /** The SUBSCRIBEs to the log: after which seq. */
  resumed(): string[] {
    const logs = this.heard('SUBSCRIBE').filter(({ headers }) => isLog(headers))
    return logs.map(({ headers }) => headers.after ?? '')
  }

  take(frame: SentFrame, socket: FakeSocket): void {
    if (this.meddle(frame, socket)) return
    this.frames.push(frame)
    const { command, headers, body } = frame
    if (command === 'CONNECT') socket.frame('CONNECTED', { version: '1.2', 'heart-beat': '0,0' })
    if (command === 'SUBSCRIBE') this.#subscribe(headers, socket)
    if (command === 'UNSUBSCRIBE') socket.logs.delete(headers.id ?? '')
    if (command === 'SEND') this.#send(headers, body, socket)
    if (command === 'DISCONNECT') socket.receipt(headers)
  }

  #subscribe(headers: SentFrame['headers'], socket: FakeSocket): void {
    socket.receipt(headers)
    const { id = '', destination = '' } = headers
    if (destination === '/user/queue/errors') socket.errors = id
    if (!isLog(headers)) return
    socket.logs.add(id)
    const after = Number(headers.after ?? this.log.length)
    for (const event of this.log.slice(after)) socket.tell(id, event, event.seq - 1)
  }

  #send(headers: SentFrame['headers'], body: string, socket: FakeSocket): void {
    if (!headers.destination?.startsWith('/pub/')) {
      socket.receipt(headers)
      return
    }
    const idempotencyKey = headers['idempotency-key'] ?? ''
    const known = this.log.find((event) => event.idempotencyKey === idempotencyKey)
    const sender = { id: 'me', name: 'Me' }
    const { content } = JSON.parse(body)
    const { seq } = known ?? this.say(content, { sender, idempotencyKey })
    socket.receipt(headers, { seq })
  }
}

/** Refuses a SEND, and the session goes on. */
export const mildly =
  (code: string, more?: Headers) =>
  (socket: FakeSocket, { headers }: SentFrame) =>
    socket.refuseMildly(headers.receipt, code, more)

export const keysOf = (frames: SentFrame[]) =>
  frames.map(({ headers }) => headers['idempotency-key'])

const isLog = ({ destination }: SentFrame['headers']) => destination?.startsWith(LOG) ?? false

export class FakeSocket {
  readonly url: string
  readonly #server: FakeRoomServer
  /** Ids of the subscriptions to the log. */
  readonly logs = new Set<string>()
  /** Id of the subscription to the errors. */
  errors = ''
  readyState = 0
  binaryType = ''
  /** Heart-beats that came. */
  beats = 0
  /** The last message was: so are the answers. */
  #binary = false
  onopen?: () => void
  onmessage?: (event: { data: string | ArrayBuffer }) => void
  onclose?: (close: { code: number; reason: string }) => void
  onerror?: (event: unknown) => void

  constructor(server: FakeRoomServer, url: string) {
    this.#server = server
    this.url = url
    server.sockets.push(this)
    queueMicrotask(() => {
      if (!server.opens || this.readyState !== 0) return
      this.readyState = 1
      this.onopen?.()
    })
  }

  send(message: string | Uint8Array): void {
    if (this.readyState !== 1) return
    if (message === '\n') this.beats++
    else {
      this.#binary = typeof message !== 'string'
      const text = typeof message === 'string' ? this.#cut(message) : (UTF8?.decode(message) ?? '')
      if (text.endsWith('\0')) this.#server.take(frameIn(text), this)
    }
  }

  #cut(text: string): string {
    return this.#server.cutsTexts ? (text.split('\0', 1)[0] ?? '') : text
  }

  /** The client closes. */
  close(): void {
    if (this.readyState >= 2) return
    this.logs.clear()
    this.readyState = 2
    queueMicrotask(() => this.#gone(1005, ''))
  }

  /** The server closes, or the network does. */
  end(code: number, reason = ''): void {
    this.logs.clear()
    queueMicrotask(() => this.#gone(code, reason))
  }

  /** ERROR, and the close that follows it. */
  refuse(close: number, code: string, headers: Headers = {}): void {
    this.frame('ERROR', { code, ...headers })
    this.end(close, code)
  }

  /** The refusal that a session hears while it goes on. */
  refuseMildly(receipt: string | undefined, code: string, more: Headers = {}): void {
    const headers = { subscription: this.errors, code, 'receipt-id': receipt ?? '', ...more }
    this.frame('MESSAGE', { ...headers, 'message-id': 'm', destination: '/user/queue/errors' })
  }

  /** An event of the log on a subscription. */
  tell(subscription: string, event: LoggedEvent, prev: number, body = JSON.stringify(event)): void {
    const ids = { subscription, 'message-id': `${subscription}-${event.seq}` }
    this.frame(
      'MESSAGE',
      { ...ids, ack: `${subscription}-${event.seq}`, destination: LOG, seq: event.seq, prev },
      body,
    )
  }

  receipt(asked: SentFrame['headers'], more: Headers = {}): void {
    if (asked.receipt !== undefined) this.frame('RECEIPT', { 'receipt-id': asked.receipt, ...more })
  }

  frame(command: string, headers: Headers, body = ''): void {
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
    this.hear(`${command}\n${lines.join('')}\n${body}\0`)
  }

  /** What comes over the wire; whether it passes is decided as it leaves. */
  hear(text: string): void {
    if (!this.#server.passes(text)) return
    queueMicrotask(() => {
      const data = this.#binary ? Uint8Array.from(Buffer.from(text)).buffer : this.#cut(text)
      if (this.readyState === 1) this.onmessage?.({ data })
    })
  }

  #gone(code: number, reason: string): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.onclose?.({ code, reason })
  }
}

/** A class whose sockets reach one server. */
function socketOf(server: FakeRoomServer): new (url: string) => FakeSocket {
  return class extends FakeSocket {
    constructor(url: string) {
      super(server, url)
    }
  }
}

function frameIn(text: string): SentFrame {
  const [head = '', ...rest] = text.replace(/\0$/, '').split('\n\n')
  const [command = '', ...lines] = head.split('\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1)]
  })
  return { command, headers: Object.fromEntries(headers), body: rest.join('\n\n') }
}
