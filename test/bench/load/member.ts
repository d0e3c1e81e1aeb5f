// What a member of a measured room says, as data: the load knows no protocol of its own.

/** Something said, and what tells that it was answered. */
export interface Step {
  /** Left out where the server speaks first. */
  readonly say?: string
  /** A text that the answer holds; left out where nothing answers. */
  readonly until?: string
}

/**
 * A POST before the WebSocket, whose JSON answer has a field that later texts name as `{field}`.
 */
export interface Errand {
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly field: string
}

export interface Member {
  readonly url: string
  /** The sub-protocol offered, if any. */
  readonly protocol?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly errands?: readonly Errand[]
  /** How it gets in, one step after the other. */
  readonly greeting: readonly Step[]
  /**
   * A message: `{content}` holds the mark and fills up to the size asked for, `{mark}` is the mark
   * alone, `{key}` is never the same twice.
   */
  readonly message: string
  /** Said before each round, where the server hangs up on who is silent. */
  readonly beat?: string
}

/** STOMP over a WebSocket, as far as a member needs it. */
export interface StompMember {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Lines of CONNECT beside the usual ones. */
  readonly connect?: string
  /** What is subscribed to; nothing, for who only talks. */
  readonly listensTo: string | undefined
  readonly talksTo: string
  /** Lines of each SEND beside the destination. */
  readonly send?: string
}

export function stompMember({ url, headers, listensTo, ...lines }: StompMember): Member {
  const connect = `CONNECT\naccept-version:1.2\nhost:/\nheart-beat:0,0\n${lines.connect ?? ''}\n\0`
  const subscribe = `SUBSCRIBE\nid:log\ndestination:${listensTo}\nreceipt:log\n\n\0`
  return {
    url,
    protocol: 'v12.stomp',
    ...(headers && { headers }),
    greeting: [
      { say: connect, until: 'CONNECTED' },
      ...(listensTo === undefined ? [] : [{ say: subscribe, until: 'RECEIPT' }]),
    ],
    message: `SEND\ndestination:${lines.talksTo}\ncontent-type:text/plain\n${lines.send ?? ''}\n{content}\0`,
  }
}
