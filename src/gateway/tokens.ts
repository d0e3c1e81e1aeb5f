// The tokens that the gateway makes and checks, with the keys of the key ring and the clock.

import { nanoid } from 'nanoid'
import {
  type AccessClaims,
  type AccessRules,
  renewedClaims,
  signAccessToken,
  verifyAccessToken,
} from '../auth/access-token.ts'
import { importSigningKey, KeyCache, type KeyMaterial } from '../auth/keys.ts'
import type { Principal } from '../auth/principal.ts'
import { signTicket, type Ticket, verifyTicket } from '../auth/ticket.ts'
import { Verifier } from '../auth/verifier.ts'

export interface Grant {
  readonly accessToken: string
  /** Seconds. */
  readonly expiresIn: number
  readonly user: Principal
}

export class Tokens {
  readonly #rules: AccessRules
  readonly #ticketSeconds: number
  readonly #signing: KeyCache<Awaited<ReturnType<typeof importSigningKey>>>
  readonly #verifier: Verifier

  constructor(load: () => Promise<KeyMaterial>, rules: AccessRules, ticketSeconds: number) {
    this.#rules = rules
    this.#ticketSeconds = ticketSeconds
    this.#signing = new KeyCache(async () => importSigningKey((await load()).signing), Date.now)
    this.#verifier = new Verifier(async () => (await load()).verifying, Date.now)
  }

  /** A new session of this principal. */
  async signIn(principal: Principal): Promise<Grant> {
    const signedInAt = Math.floor(Date.now() / 1000)
    return this.#grant({ principal, sessionId: nanoid(), signedInAt })
  }

  /** The token that follows a valid one. Throws TokenError `session-too-old`. */
  async renew(claims: AccessClaims): Promise<Grant> {
    return this.#grant(renewedClaims(claims, this.#rules, Date.now()))
  }

  /** Throws TokenError. */
  async access(token: string): Promise<AccessClaims> {
    return this.#verifier.run((findKey) =>
      verifyAccessToken(token, findKey, this.#rules.issuer, Date.now()),
    )
  }

  /** A ticket for one WebSocket of this principal to this room, and its life in seconds. */
  async ticketFor(principal: Principal, roomId: string) {
    const expiresAt = Math.floor(Date.now() / 1000) + this.#ticketSeconds
    const ticket: Ticket = { id: nanoid(), roomId, principal, expiresAt }
    const signed = await signTicket(ticket, await this.#signing.get(), this.#rules.issuer)
    return { ticket: signed, expiresIn: this.#ticketSeconds }
  }

  /** Throws TokenError. That a ticket was used before, only its room knows. */
  async ticket(token: string): Promise<Ticket> {
    return this.#verifier.run((findKey) =>
      verifyTicket(token, findKey, this.#rules.issuer, Date.now()),
    )
  }

  async #grant(claims: Omit<AccessClaims, 'expiresAt'>): Promise<Grant> {
    const key = await this.#signing.get()
    const signed = { ...claims, tokenId: nanoid() }
    const accessToken = await signAccessToken(signed, key, this.#rules, Date.now())
    return { accessToken, expiresIn: this.#rules.lifetime, user: claims.principal }
  }
}
