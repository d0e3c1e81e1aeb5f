// Whether a page is of another site than this server: then no browser keeps or sends a cookie that
// is SameSite=Strict.

/**
 * As the browser says (`Sec-Fetch-Site`). Older browsers, and those on plain http, do not say: then
 * only what is certain counts. Two hosts whose last two labels differ have no registrable domain in
 * common; others may have.
 */
export function isCrossSite(told: string | undefined, origin: string, url: string): boolean {
  if (told !== undefined) return told === 'cross-site'
  const here = new URL(url)
  if (origin.toLowerCase() === here.host) return false
  const host = URL.parse(origin)?.hostname ?? ''
  return host === '' || siteOf(host) !== siteOf(here.hostname)
}

/** The last two labels of a name; an address as it is. */
const siteOf = (host: string): string =>
  /^\[|^[\d.]+$/.test(host) ? host : host.toLowerCase().split('.').slice(-2).join('.')
