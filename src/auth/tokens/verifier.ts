// Verifying with keys that may be new: an unknown key is looked up once more before the refusal.

import { createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { type FindKey, KeyCache } from './keys.ts'
import { TokenError } from './token-error.ts'
import { UnknownKey } from './verify.ts'

/** Where keys come from. `sooner`: those at hand did not do. */
export interface KeySource<Keys> {
  get(sooner?: boolean): Promise<Keys>
}

/** Verifies tokens of ours with the public keys that `load` gets, kept as KeyCache says. */
export class Verifier {
  readonly #keys: KeyCache<{ readonly set: JSONWebKeySet; readonly find: FindKey }>

  constructor(load: () => Promise<JSONWebKeySet>, now: () => number) {
    const loaded = async () => {
      const set = await load()
      return { set, find: createLocalJWKSet(set) }
    }
    this.#keys = new KeyCache(loaded, now)
  }

  /**
   * Runs one of the verify functions of this folder.
   *
   * @throws TokenError as `withKeys`.
   */
  run<Claims>(check: (findKey: FindKey, set: JSONWebKeySet) => Promise<Claims>): Promise<Claims> {
    return withKeys(this.#keys, ({ find, set }) => check(find, set))
  }

  /**
   * The keys by which a token would be verified now; undefined where they must be asked for first.
   */
  get held(): JSONWebKeySet | undefined {
    return this.#keys.held()?.set
  }

  /**
   * The keys to be published, ten seconds old at most.
   *
   * @throws TokenError `unavailable`.
   */
  async published(): Promise<JSONWebKeySet> {
    return (await had(this.#keys, true)).set
  }

  /** Asks for the keys anew the next time. */
  forget(): void {
    this.#keys.forget()
  }
}

/**
 * Runs a check with the keys of a source, and again with newer ones where the key was unknown.
 *
 * @throws TokenError what the check throws, and `unavailable` where there are no keys to be had.
 */
export async function withKeys<Keys, Claims>(
  source: KeySource<Keys>,
  check: (keys: Keys) => Promise<Claims>,
): Promise<Claims> {
  const keys = await had(source)
  try {
    return await check(keys)
  } catch (error) {
    if (!(error instanceof UnknownKey)) throw error
    return check(await had(source, true))
  }
}

async function had<Keys>(source: KeySource<Keys>, sooner?: boolean): Promise<Keys> {
  try {
    return await source.get(sooner)
  } catch (error) {
    if (error instanceof TokenError) throw error
    throw new TokenError('unavailable', 'keys', { cause: error })
  }
}
