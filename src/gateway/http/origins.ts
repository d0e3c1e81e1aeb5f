// The one allow-list of origins: for CORS and for the WebSocket upgrade, which CORS does not cover.

/** Whether an origin is allowed for a request to `url`. */
export type AllowsOrigin = (origin: string, url: string) => boolean

/**
 * Makes the check of a list of exact origins and of patterns such as `https://*.example.com`, which
 * allow every sub-domain of the host. A page of this very server is always allowed.
 */
export function allowList(entries: readonly string[]): AllowsOrigin {
  const exact = new Set(entries.filter((entry) => !entry.includes('*')).map(canonical))
  const patterns = entries
    .filter((entry) => entry.includes('*'))
    .map(lower)
    .map(split)
  return (origin, url) => {
    if (isOwn(origin, new URL(url))) return true
    const asked = canonical(origin)
    if (exact.has(asked)) return true
    return patterns.some(
      ({ scheme, suffix }) =>
        asked.startsWith(scheme) && isSubdomain(asked.slice(scheme.length), suffix),
    )
  }
}

/**
 * Clients that are no browsers write the address that they connect to: its host alone, or as `ws`
 * and `wss`.
 */
const WEB = new Map([
  ['ws:', 'http:'],
  ['wss:', 'https:'],
])

/**
 * Whether an origin is that of the server itself. TLS may end before this server: an https page of
 * the same host is its own, too. An http page is not one of an https server.
 */
function isOwn(origin: string, { protocol, host }: URL): boolean {
  const own = lower(origin)
  if (own === host) return true
  // The runtime throws inside to parse what is no URL: what cannot be an origin is not parsed.
  const asked = /^[a-z]+:\/\/[^/?#@]+$/.test(own) ? URL.parse(own) : null
  if (!asked) return false
  const scheme = WEB.get(asked.protocol) ?? asked.protocol
  // A port that is the scheme's own is left out (RFC 6454, section 6.2).
  const askedHost = new URL(`${scheme}//${asked.host}`).host
  return askedHost === host && (scheme === protocol || scheme === 'https:')
}

/**
 * In small letters, and without a port that is the scheme's own. An origin that is no web address
 * stays as it is.
 */
function canonical(origin: string): string {
  const text = lower(origin)
  const parsed = /^https?:\/\/[^/?#@]+$/.test(text) ? URL.parse(text) : null
  return parsed?.origin ?? text
}

/** `https://*.example.com:8443` -> `https://` and `.example.com:8443`. */
function split(pattern: string): { scheme: string; suffix: string } {
  const star = pattern.indexOf('*')
  return { scheme: pattern.slice(0, star), suffix: pattern.slice(star + 1) }
}

function isSubdomain(host: string, suffix: string): boolean {
  return host.endsWith(suffix) && /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(host.slice(0, -suffix.length))
}

const lower = (text: string) => text.toLowerCase()
