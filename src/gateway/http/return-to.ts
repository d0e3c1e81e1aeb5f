// Where a browser goes after a sign-in: a path of our own origin and nothing else, because a
// foreign address would make this site an open redirect (RFC 9700, section 4.11).

/** Code units, as asked for and as written out. */
const MAX_LENGTH = 1024

/**
 * The path that a text means at `url`, written out; undefined where it is not one of that origin.
 */
export function ownPath(text: string, url: string): string | undefined {
  // Browsers read `\` as `/`, and pass over tabs and line ends.
  if (text.length > MAX_LENGTH || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text)) return undefined
  const target = URL.parse(text, url)
  // `/.//host` is written out as `//host`, which is another origin.
  if (target?.origin !== new URL(url).origin || target.pathname.includes('//')) return undefined
  const path = target.pathname + target.search + target.hash
  return path.length > MAX_LENGTH ? undefined : path
}

/** The path with `sign-in=<code>` in its fragment, which no server ever sees. */
export function withCode(path: string, code: string): string {
  return `${path}${path.includes('#') ? '&' : '#'}sign-in=${code}`
}
