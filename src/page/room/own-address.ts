// The URL of a WebSocket, at the address by which the page itself was reached. Pure.

/**
 * Whatever stands between the browser and the server may speak TLS, or know the server by another
 * name: the page's own address is one that works.
 */
export function atOwnAddress(
  url: string,
  { protocol, hostname, port }: Pick<Location, 'protocol' | 'hostname' | 'port'>,
) {
  const own = new URL(url)
  own.protocol = protocol === 'https:' ? 'wss:' : 'ws:'
  own.hostname = hostname
  own.port = port
  return own.href
}
