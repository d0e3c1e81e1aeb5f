// Fingerprints of idempotency-keys, and of what was asked for under them.

/**
 * A fingerprint of a text, of 32 bits and never 0. Without the seed nobody can choose a text whose
 * fingerprint equals that of another text.
 */
export function fingerprintOf(text: string, seed: number): number {
  let hash = seed | 0
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x5bd1e995)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0 || 1
}
