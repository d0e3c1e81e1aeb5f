// Which version of STOMP is spoken: the sub-protocol of the WebSocket and the headers of CONNECT.

/** A version of STOMP as its headers write it. */
export type Version = '1.0' | '1.1' | '1.2'

/** Newest first: the first that both sides know is chosen. */
export const VERSIONS: readonly Version[] = ['1.2', '1.1', '1.0']

const PROTOCOLS: readonly string[] = ['v12.stomp', 'v11.stomp', 'v10.stomp']

/** STOMP A1: the newest STOMP sub-protocol of those offered, in any order; undefined: none. */
export function chooseProtocol(offered: readonly string[]): string | undefined {
  return PROTOCOLS.find((protocol) => offered.includes(protocol))
}

/**
 * The newest common version of an `accept-version` header; without the header it is 1.0.
 * Entries that are unknown are passed over (STOMP F3, F4; 1.2, Protocol Negotiation).
 */
export function chooseVersion(acceptVersion: string | undefined): Version | undefined {
  if (acceptVersion === undefined) return '1.0'
  const offered = acceptVersion.split(',').map((entry) => entry.trim())
  return VERSIONS.find((version) => offered.includes(version))
}
