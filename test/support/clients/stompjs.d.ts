// As much of stompjs 2.3.3 as is used: it brings no types.

declare module 'stompjs' {
  type Headers = Record<string, string>

  interface Frame {
    readonly command: string
    readonly headers: Headers
    readonly body: string
  }

  interface Message extends Frame {
    ack(headers?: Headers): void
    nack(headers?: Headers): void
  }

  export interface Client {
    heartbeat: { outgoing: number; incoming: number }
    onreceipt: (frame: Frame) => void
    onreceive: (message: Message) => void
    connect(
      headers: Headers,
      connected: (frame: Frame) => void,
      failed: (reason: Frame | string) => void,
    ): void
    disconnect(done?: () => void, headers?: Headers): void
    send(destination: string, headers: Headers, body: string): void
    subscribe(
      destination: string,
      received: (message: Message) => void,
      headers: Headers,
    ): { readonly id: string; unsubscribe(): void }
    unsubscribe(id: string): void
    begin(transaction: string): void
    commit(transaction: string): void
    abort(transaction: string): void
  }

  const Stomp: { over(socket: unknown): Client }
  export default Stomp
}
