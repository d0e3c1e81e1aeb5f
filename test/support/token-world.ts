// Stompbox with its own key and four trusted issuers, one of each kind of keys; nothing is on a
// network.

import { createLocalJWKSet } from 'jose'
import { verifyOidcFlow } from '../../src/auth/openid/flow.ts'
import { AccessVerifier } from '../../src/auth/tokens/access-verifier.ts'
import { verifyTicket } from '../../src/auth/tokens/ticket.ts'
import { TokenError } from '../../src/auth/tokens/token-error.ts'
import { Verifier } from '../../src/auth/tokens/verifier.ts'
import type { TrustedIssuerRules } from '../../src/auth/trusted-issuers/trusted-issuer.ts'
import { forge, newSigner, type Sign, type Signer, secretSigner } from './forge.ts'

export const NOW = Date.UTC(2026, 10, 21, 8)
export const SECONDS = NOW / 1000

type Members = Record<string, unknown>

/** Whose tokens, and what a good one of theirs says. */
export interface Issuing {
  readonly signer: Signer
  readonly header: Members
  readonly claims: Members
}

const SECRET = 'a secret of which nobody knows anything'

/**
 * All that is not ours has a key of this id, so that only the key itself tells one from another.
 */
const KID = 'the-key'

async function build() {
  const [us, rsa, ec, ed] = await Promise.all([
    newSigner('ES256', KID),
    newSigner('RS256', KID),
    newSigner('ES256', KID),
    newSigner('EdDSA', KID),
  ])
  const trusted = { rsa, ec, ed, hmac: secretSigner(SECRET) }
  return { us, trusted }
}

let built: ReturnType<typeof build> | undefined

/** One for all tests: making keys takes most of their time. */
export async function tokenWorld() {
  built ??= build()
  const { us, trusted } = await built
  const findKey = createLocalJWKSet({ keys: [us.jwk] })
  /** Every address that was asked for keys. */
  const fetched: string[] = []
  const clock = { now: NOW }
  const access = new AccessVerifier({
    own: new Verifier(async () => ({ keys: [us.jwk] }), Date.now),
    issuer: 'us',
    trustedIssuers: Object.entries(trusted).map(([name, { jwk }]) => rulesOf(name, jwk)),
    now: () => clock.now,
    fetch: async (url) => {
      fetched.push(url)
      const name = new URL(url).host.split('.')[0] as keyof typeof trusted
      return Response.json({ keys: [trusted[name].jwk] })
    },
  })
  const foreign = Object.entries(trusted).map(([name, signer]): [string, Issuing] => [
    name,
    { signer, header: { alg: signer.alg, kid: KID, typ: 'JWT' }, claims: foreignClaims(name) },
  ])
  return {
    ...{ us, trusted, fetched, clock, access },
    issuings: { us: ours(us), ...(Object.fromEntries(foreign) as Record<Name, Issuing>) },
    ticket: (token: string) => verifyTicket(token, findKey, 'us', NOW),
    flow: (token: string) => verifyOidcFlow(token, findKey, 'us', NOW),
  }
}

type Name = 'rsa' | 'ec' | 'ed' | 'hmac'

export const rulesOf = (name: string, jwk: object | undefined): TrustedIssuerRules => ({
  name,
  issuer: `https://${name}.example`,
  audience: 'chat',
  keys: jwk ? { jwks: `https://${name}.example/jwks` } : { secret: SECRET },
  roles: 'roles',
  displayName: 'name',
  leeway: 60,
  maxHours: 24,
})

const COMMON = {
  ...{ sub: 'ann', name: 'Ann', roles: ['GENERAL'], sid: 's', jti: 't' },
  ...{ iat: SECONDS, exp: SECONDS + 900, auth_time: SECONDS - 60 },
}

const foreignClaims = (name: string) => ({ iss: `https://${name}.example`, aud: 'chat', ...COMMON })

const ours = (signer: Signer): Issuing => ({
  signer,
  header: { alg: 'ES256', kid: KID, typ: 'at+jwt' },
  claims: { iss: 'us', aud: 'stompbox', ...COMMON, ver: 3 },
})

/** A token of an issuer, with some members changed; one that is undefined goes. */
export function issue(
  { signer, header, claims }: Issuing,
  { header: h, claims: c, sign = signer.sign }: Change = {},
): Promise<string> {
  return forge(
    typeof h === 'string' ? h : { ...header, ...h },
    typeof c === 'string' || c instanceof Uint8Array ? c : { ...claims, ...c },
    sign,
  )
}

export interface Change {
  /** A text stands for the whole. */
  readonly header?: Members | string
  readonly claims?: Members | string | Uint8Array
  readonly sign?: Sign
}

/** 'accepted', or the code and reason of the refusal. */
export async function verdict(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error) => {
      if (!(error instanceof TokenError)) throw error
      return error.message
    },
  )
}
