// Rewrites the URL of a WebSocket to the host of the page. Pure.

/**
 * A proxy may add TLS or give the server another name. The address of the page itself is known to
 * work.
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
