// Verifying with keys that may be new: an unknown one is looked up once more before the no.

import { createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { type FindKey, KeyCache } from './keys.ts'
import { UnknownKey } from './verify.ts'

/** Verifies tokens with the public keys that `load` gets, kept as KeyCache says. */
export class Verifier {
  readonly #keys: KeyCache<FindKey>

  constructor(load: () => Promise<JSONWebKeySet>, now: () => number) {
    this.#keys = new KeyCache(async () => createLocalJWKSet(await load()), now)
  }

  /** Runs one of the verify functions of this folder; throws what it throws, and what `load` throws. */
  async run<Claims>(check: (findKey: FindKey) => Promise<Claims>): Promise<Claims> {
    try {
      return await check(await this.#keys.get())
    } catch (error) {
      if (!(error instanceof UnknownKey)) throw error
      return check(await this.#keys.get(true))
    }
  }
}
