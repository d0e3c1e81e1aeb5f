// A table from fingerprints to seqs, in sixteen octets an entry: a Map would take several times as much.

/** Slots of an empty table; a power of two. */
const FEWEST_SLOTS = 1024

/** A fingerprint may have several seqs. Nothing is ever removed: a table is dropped whole. */
export class KeyTable {
  /** Two numbers a slot: the fingerprint, and the seq, which is 0 in a free one. */
  #slots = new Uint32Array(2 * FEWEST_SLOTS)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** @param fingerprint a whole number of 32 bits. */
  add(fingerprint: number, seq: number): void {
    if (4 * (this.#size + 1) > this.#slots.length) this.#grow()
    this.#put(fingerprint, seq)
    this.#size++
  }

  /** The seqs of a fingerprint, the newest first. */
  find(fingerprint: number): number[] {
    const found: number[] = []
    for (let slot = this.#first(fingerprint); this.#slots[slot + 1]; slot = this.#next(slot)) {
      if (this.#slots[slot] === fingerprint) found.push(this.#slots[slot + 1] ?? 0)
    }
    return found.sort((a, b) => b - a)
  }

  #put(fingerprint: number, seq: number): void {
    let slot = this.#first(fingerprint)
    while (this.#slots[slot + 1]) slot = this.#next(slot)
    this.#slots[slot] = fingerprint
    this.#slots[slot + 1] = seq
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(2 * old.length)
    for (let slot = 0; slot < old.length; slot += 2) {
      if (old[slot + 1]) this.#put(old[slot] ?? 0, old[slot + 1] ?? 0)
    }
  }

  #first(fingerprint: number): number {
    return 2 * (fingerprint & (this.#slots.length / 2 - 1))
  }

  #next(slot: number): number {
    return (slot + 2) % this.#slots.length
  }
}

/**
 * A fingerprint of a text, of 32 bits and never 0. Whoever does not know the seed cannot choose texts that
 * share one with another's.
 */
export function fingerprint(text: string, seed: number): number {
  let hash = seed | 0
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x5bd1e995)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0 || 1
}
