// The tokens that the gateway makes and checks, with the keys of the key ring and the clock.

import { nanoid } from 'nanoid'
import { type OidcFlow, signOidcFlow, verifyOidcFlow } from '../auth/openid/flow.ts'
import {
  type PendingLink,
  signPendingLink,
  verifyPendingLink,
} from '../auth/openid/pending-link.ts'
import type { Principal } from '../auth/principal.ts'
import { type AccessClaims, accessClaimsOf, signAccessToken } from '../auth/tokens/access-token.ts'
import { AccessVerifier } from '../auth/tokens/access-verifier.ts'
import {
  importSigningKey,
  KeyCache,
  type KeyMaterial,
  type SigningKey,
} from '../auth/tokens/keys.ts'
import { signTicket, type Ticket, verifyTicket } from '../auth/tokens/ticket.ts'
import { Verifier } from '../auth/tokens/verifier.ts'
import type { Config } from '../config.ts'
import type { KeyRingCalls, SessionGrant } from '../contract.ts'

/** What a client is given for a sign-in (docs/protocol.md, People and sessions). */
export interface Grant {
  readonly accessToken: string
  /** Seconds. */
  readonly expiresIn: number
  readonly refreshToken: string
  /** Seconds. */
  readonly refreshExpiresIn: number
  readonly user: Principal
}

/** The private key is only fetched to sign something. */
type KeyRing = Pick<KeyRingCalls, 'material' | 'publicKeys'>

type Rules = Pick<Config, 'access' | 'ticketSeconds' | 'trustedIssuers'>

/** Tickets remembered: more than an isolate makes in the second in which most are used. */
const REMEMBERED = 1000

/** Signs and verifies all tokens of the gateway. Keys are held for a while: see `KeyCache`. */
export class Tokens {
  readonly #rules: Rules
  readonly #signing: KeyCache<SigningKey>
  readonly #own: Verifier
  readonly #access: AccessVerifier

  /**
   * Tickets made here and not shown yet, by their text: what was just signed need not be verified.
   */
  readonly #made = new Map<string, Ticket>()

  constructor(keyRing: () => KeyRing, rules: Rules) {
    this.#rules = rules
    const signing = async () => importSigningKey((await keyRing().material()).signing)
    this.#signing = new KeyCache(signing, Date.now)
    this.#own = new Verifier(() => keyRing().publicKeys(), Date.now)
    this.#access = new AccessVerifier({
      own: this.#own,
      issuer: rules.access.issuer,
      trustedIssuers: rules.trustedIssuers,
      now: Date.now,
    })
  }

  /** A session opened or renewed, with its access token. */
  async grant({ refreshToken, refreshExpiresIn, ...session }: SessionGrant): Promise<Grant> {
    const { access } = this.#rules
    const key = await this.#signing.get()
    const now = Date.now()
    const accessToken = await signAccessToken({ ...session, tokenId: nanoid() }, key, access, now)
    this.#access.signed(accessToken, key.kid, accessClaimsOf(session, access, now))
    return {
      accessToken,
      expiresIn: access.lifetime,
      refreshToken,
      refreshExpiresIn,
      user: session.principal,
    }
  }

  /**
   * What an access token says, ours or a trusted issuer's.
   *
   * @throws TokenError `token-invalid`, `token-expired`, `token-early`, `unavailable`.
   */
  access(token: string): Promise<AccessClaims> {
    return this.#access.verify(token)
  }

  /** A ticket for one WebSocket to a room, by who brings such a token, and its life in seconds. */
  async ticketFor(
    { principal, sessionId, version, federated }: Omit<AccessClaims, 'signedInAt' | 'expiresAt'>,
    about: Pick<Ticket, 'id' | 'roomId' | 'askedAt'>,
  ): Promise<{ ticket: string; expiresIn: number }> {
    const expiresIn = this.#rules.ticketSeconds
    const expiresAt = Math.floor(Date.now() / 1000) + expiresIn
    const who = { principal, sessionId, version, federated }
    const ticket: Ticket = { ...about, ...who, expiresAt }
    const text = await signTicket(ticket, await this.#signing.get(), this.#issuer)
    if (this.#made.size >= REMEMBERED) this.#made.clear()
    this.#made.set(text, ticket)
    return { ticket: text, expiresIn }
  }

  /**
   * What a ticket says. That it was used before, only its room knows.
   *
   * @throws TokenError `token-invalid`, `token-expired`, `token-early`, `unavailable`.
   */
  async ticket(token: string): Promise<Ticket> {
    const made = this.#made.get(token)
    this.#made.delete(token)
    if (made && made.expiresAt * 1000 > Date.now()) return made
    return this.#own.run((findKey) => verifyTicket(token, findKey, this.#issuer, Date.now()))
  }

  /** A sign-in with a provider, as a text for the browser's cookie. */
  async signFlow(flow: OidcFlow): Promise<string> {
    return signOidcFlow(flow, await this.#signing.get(), this.#issuer, Date.now())
  }

  /**
   * What `signFlow` signed.
   * @throws TokenError `token-invalid`, `token-expired`, `token-early`, `unavailable`.
   */
  flow(token: string): Promise<OidcFlow> {
    return this.#own.run((findKey) => verifyOidcFlow(token, findKey, this.#issuer, Date.now()))
  }

  /**
   * The public keys, as a JWK set (RFC 7517, section 5).
   *
   * @throws TokenError `unavailable`.
   */
  published(): Promise<KeyMaterial['verifying']> {
    return this.#own.published()
  }

  /** A provider's account that is about to be linked, as a text for the browser's cookie. */
  async signPendingLink(link: PendingLink): Promise<string> {
    return signPendingLink(link, await this.#signing.get(), this.#issuer, Date.now())
  }

  /**
   * What `signPendingLink` signed.
   * @throws TokenError `token-invalid`, `token-expired`, `token-early`, `unavailable`.
   */
  pendingLink(token: string): Promise<PendingLink> {
    return this.#own.run((findKey) => verifyPendingLink(token, findKey, this.#issuer, Date.now()))
  }

  /** The keys were changed: drop those held. Other isolates may use them for five minutes. */
  forgetKeys(): void {
    this.#signing.forget()
    this.#own.forget()
    this.#made.clear()
  }

  get #issuer(): string {
    return this.#rules.access.issuer
  }
}
