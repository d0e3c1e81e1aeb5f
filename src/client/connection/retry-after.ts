// Parses Retry-After: seconds, or a date (RFC 9110, section 10.2.3). Pure.

/** The longest Retry-After to wait for, in milliseconds. */
export const LONGEST_RETRY_AFTER_MS = 600_000

/**
 * The seconds to wait, or undefined for a header that cannot be parsed.
 *
 * @param now milliseconds since 1970
 */
export function retryAfterOf(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text)
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000))
}
