// The state of a sign-in with an OpenID provider, from leaving for it to coming back: what ties the
// answer to the browser that asked. A JWT for a cookie; keys and the clock are arguments.

import type { Bearer } from '../bearer.ts'
import type { FindKey, SigningKey } from '../tokens/keys.ts'
import { sign } from '../tokens/sign.ts'
import { TokenError } from '../tokens/token-error.ts'
import { text, verify, whole } from '../tokens/verify.ts'

/** What the browser keeps while it is away at the provider. */
export interface OidcFlow {
  /** Unguessable and unique; the `state` of the authorization request (RFC 6749, section 10.12). */
  readonly state: string
  /** What the ID token must repeat (OpenID Connect Core, section 3.1.2.1). */
  readonly nonce: string
  /** The `code_verifier` of PKCE (RFC 7636). */
  readonly verifier: string
  /** The id of the provider that was left for. */
  readonly provider: string
  /** Where the browser goes in the end: a path of our own origin. */
  readonly returnTo: string
  /** Who adds this way to sign in to their own; undefined: somebody signs in. */
  readonly link: LinkTarget | undefined
}

/** Who asked for a link, and by which session: it must still stand when the answer comes. */
export interface LinkTarget {
  readonly personId: string
  readonly bearer: Bearer
}

const TYPE = 'oidc-flow+jwt'
const AUDIENCE = 'stompbox:oidc'

/** Seconds from leaving to coming back. */
export const FLOW_LIFETIME = 600

/**
 * A flow as a text for a cookie. Not encrypted: whoever holds the browser may read it.
 *
 * @param now milliseconds since 1970.
 */
export async function signOidcFlow(
  flow: OidcFlow,
  key: SigningKey,
  issuer: string,
  now: number,
): Promise<string> {
  const { state, nonce, verifier, provider, returnTo, link } = flow
  const claims = {
    nonce,
    verifier,
    return_to: returnTo,
    ...(link && { link: claimsOfTarget(link) }),
  }
  const expiresAt = Math.floor(now / 1000) + FLOW_LIFETIME
  const ours = { issuer, audience: AUDIENCE, typ: TYPE, subject: provider, id: state, expiresAt }
  return sign(claims, ours, key)
}

/**
 * The flow, once its signature, type and time hold.
 *
 * @param now milliseconds since 1970.
 * @throws TokenError as `verify`.
 */
export async function verifyOidcFlow(
  token: string,
  findKey: FindKey,
  issuer: string,
  now: number,
): Promise<OidcFlow> {
  const claims = await verify(token, findKey, { issuer, audience: AUDIENCE, typ: TYPE, now })
  return {
    state: text(claims.jti),
    nonce: text(claims.nonce),
    verifier: text(claims.verifier),
    provider: text(claims.sub),
    returnTo: text(claims.return_to),
    link: claims.link === undefined ? undefined : targetOf(claims.link),
  }
}

/** As claims, whose names are those of an access token's. */
export const claimsOfTarget = ({ personId, bearer }: LinkTarget) => ({
  sub: personId,
  sid: bearer.sessionId,
  ver: bearer.version,
  exp: bearer.expiresAt,
})

/**
 * The target that `claimsOfTarget` wrote.
 * @throws TokenError `token-invalid`.
 */
export function targetOf(claim: unknown): LinkTarget {
  if (typeof claim !== 'object' || claim === null) throw new TokenError('token-invalid', 'claims')
  const { sub, sid, ver, exp } = claim as Record<string, unknown>
  const bearer = {
    sessionId: text(sid),
    version: whole(ver),
    federated: false,
    expiresAt: whole(exp),
  }
  return { personId: text(sub), bearer }
}
