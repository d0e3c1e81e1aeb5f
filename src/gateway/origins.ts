// The one allow-list of origins: for CORS and for the WebSocket upgrade, which CORS does not cover.

/** Whether an origin is allowed for a request to `url`. */
export type AllowsOrigin = (origin: string, url: string) => boolean

/**
 * Makes the check of a list of exact origins and of patterns such as `https://*.example.com`, which
 * allow every sub-domain of the host. A page of this very server is always allowed.
 */
export function allowList(entries: readonly string[]): AllowsOrigin {
  const exact = new Set(entries.filter((entry) => !entry.includes('*')).map(lower))
  const patterns = entries
    .filter((entry) => entry.includes('*'))
    .map(lower)
    .map(split)
  return (origin, url) => {
    const asked = lower(origin)
    if (asked === new URL(url).origin || exact.has(asked)) return true
    return patterns.some(
      ({ scheme, suffix }) =>
        asked.startsWith(scheme) && isSubdomain(asked.slice(scheme.length), suffix),
    )
  }
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
