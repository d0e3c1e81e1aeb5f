// The fingerprints of recent idempotency-keys in memory, by place: the seq without the base. Also
// what the log tells of keys and fingerprints.

/** A key under which an event was sent. */
export interface KeyedSeq {
  readonly seq: number
  readonly senderId: string
  readonly key: string
}

/** The fingerprints that are stored in the row of an event, if any are. */
export interface KeyBlock {
  readonly seq: number
  readonly fingerprints: Uint32Array | undefined
}

/**
 * Searches after which chains are built. Building them takes as long as ten scans of all
 * fingerprints.
 */
const LOOKS = 16

/** Buckets of the chains: more of them miss the processor's cache, fewer make longer chains. */
const BUCKETS = 2 ** 16

/** The places of each bucket, newest first, as zlib chains the positions in its window. */
interface Chains {
  /** By bucket; 0 for none. */
  readonly newest: Uint32Array
  /** By place: the place before it in its chain; 0 ends a chain. */
  readonly before: Uint32Array
}

/**
 * The fingerprints of the newest events, found by chains as in zlib. It holds no keys: whoever
 * finds a seq compares the event itself.
 */
export class KeyWindow {
  /** The seq before the first event of the window. */
  readonly base: number
  /** By place; 0 for an event without a key. */
  readonly #fingerprints: Uint32Array
  #last = 0
  #looks = 0
  #chains: Chains | undefined

  /** @param capacity events that fit. */
  constructor(base: number, capacity: number) {
    this.base = base
    this.#fingerprints = new Uint32Array(capacity + 1)
  }

  get capacity(): number {
    return this.#fingerprints.length - 1
  }

  /** Adds the events after a seq, in ascending order, each with its fingerprint or 0. */
  add(after: number, fingerprints: ArrayLike<number>): void {
    const first = after - this.base + 1
    this.#fingerprints.set(fingerprints, first)
    this.#last = first + fingerprints.length - 1
    if (this.#chains) link(this.#chains, this.#fingerprints, first, this.#last)
  }

  /** The seqs of a fingerprint, newest first. */
  *find(fingerprint: number): Iterable<number> {
    for (
      let place = this.#newest(fingerprint);
      place > 0;
      place = this.#before(place, fingerprint)
    ) {
      if (this.#fingerprints[place] === fingerprint) yield this.base + place
    }
  }

  #newest(fingerprint: number): number {
    if (++this.#looks === LOOKS) this.#chains = chained(this.#fingerprints, this.#last)
    return this.#chains
      ? (this.#chains.newest[fingerprint % BUCKETS] ?? 0)
      : this.#fingerprints.lastIndexOf(fingerprint, this.#last)
  }

  #before(place: number, fingerprint: number): number {
    return this.#chains
      ? (this.#chains.before[place] ?? 0)
      : this.#fingerprints.lastIndexOf(fingerprint, place - 1)
  }
}

function chained(fingerprints: Uint32Array, last: number): Chains {
  const chains = { newest: new Uint32Array(BUCKETS), before: new Uint32Array(fingerprints.length) }
  link(chains, fingerprints, 1, last)
  return chains
}

function link(
  { newest, before }: Chains,
  fingerprints: Uint32Array,
  first: number,
  last: number,
): void {
  for (let place = first; place <= last; place++) {
    const fingerprint = fingerprints[place] ?? 0
    if (fingerprint === 0) continue
    before[place] = newest[fingerprint % BUCKETS] ?? 0
    newest[fingerprint % BUCKETS] = place
  }
}
