// The Authorization header (RFC 6750, section 2.1).

/** The token of `Authorization: Bearer …`; undefined when there is no such header or scheme. */
export function bearerToken(authorization: string | null | undefined): string | undefined {
  return /^Bearer +([^ ]+) *$/i.exec(authorization ?? '')?.[1]
}
