// A provider's account that is about to be linked, from the callback to the page that finishes it:
// whose it is to be, signed. A JWT for a cookie; keys and the clock are arguments.

import type { FindKey, SigningKey } from '../tokens/keys.ts'
import { sign } from '../tokens/sign.ts'
import { text, verify } from '../tokens/verify.ts'
import { claimsOfTarget, type LinkTarget, targetOf } from './flow.ts'

/** A provider's subject as a way in. */
export interface ProviderLogin {
  readonly issuer: string
  readonly subject: string
  /** Its id in the configuration, when it was linked. */
  readonly provider: string
  /** What the person is called there. */
  readonly label: string
}

/** What the browser keeps until the page finishes the link. */
export interface PendingLink {
  /** Unique: the `state` of the flow. */
  readonly id: string
  readonly login: ProviderLogin
  /**
   * Who asked for it: nobody else may finish it (RFC 6749, section 10.12; RFC 9700, section 4.7).
   */
  readonly target: LinkTarget
}

const TYPE = 'oidc-link+jwt'
const AUDIENCE = 'stompbox:oidc-link'

/** Seconds from the callback to the page. */
export const LINK_LIFETIME = 300

/**
 * A pending link as a text for a cookie, good for LINK_LIFETIME.
 *
 * @param now milliseconds since 1970.
 */
export async function signPendingLink(
  { id, login, target }: PendingLink,
  key: SigningKey,
  issuer: string,
  now: number,
): Promise<string> {
  const { subject, provider, label } = login
  const claims = { at: login.issuer, subject, provider, label, link: claimsOfTarget(target) }
  const expiresAt = Math.floor(now / 1000) + LINK_LIFETIME
  const ours = { issuer, audience: AUDIENCE, typ: TYPE, subject: target.personId, id, expiresAt }
  return sign(claims, ours, key)
}

/**
 * The pending link, once its signature, type and time hold.
 *
 * @param now milliseconds since 1970.
 * @throws TokenError as `verify`.
 */
export async function verifyPendingLink(
  token: string,
  findKey: FindKey,
  issuer: string,
  now: number,
): Promise<PendingLink> {
  const claims = await verify(token, findKey, { issuer, audience: AUDIENCE, typ: TYPE, now })
  const { at, subject, provider, label, link } = claims
  return {
    id: text(claims.jti),
    login: {
      issuer: text(at),
      subject: text(subject),
      provider: text(provider),
      label: text(label),
    },
    target: targetOf(link),
  }
}
