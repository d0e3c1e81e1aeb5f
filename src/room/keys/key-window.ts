// The fingerprints of recent idempotency-keys in memory, by place: the seq without the base.

/** Looks after which chains pay: to build them takes as long as ten scans of all fingerprints. */
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

export class KeyWindow {
  /** The seq before the first event of the window. */
  readonly base: number
  /** By place; 0 for an event without a key. */
  readonly #marks: Uint32Array
  #last = 0
  #looks = 0
  #chains: Chains | undefined

  /** @param capacity events that fit. */
  constructor(base: number, capacity: number) {
    this.base = base
    this.#marks = new Uint32Array(capacity + 1)
  }

  get capacity(): number {
    return this.#marks.length - 1
  }

  /** Adds the events after a seq, in ascending order, each with its fingerprint or 0. */
  add(after: number, marks: ArrayLike<number>): void {
    const first = after - this.base + 1
    this.#marks.set(marks, first)
    this.#last = first + marks.length - 1
    if (this.#chains) link(this.#chains, this.#marks, first, this.#last)
  }

  /** The seqs of a fingerprint, newest first. */
  *find(mark: number): Iterable<number> {
    for (let place = this.#newest(mark); place > 0; place = this.#before(place, mark)) {
      if (this.#marks[place] === mark) yield this.base + place
    }
  }

  #newest(mark: number): number {
    if (++this.#looks === LOOKS) this.#chains = chained(this.#marks, this.#last)
    return this.#chains
      ? (this.#chains.newest[mark % BUCKETS] ?? 0)
      : this.#marks.lastIndexOf(mark, this.#last)
  }

  #before(place: number, mark: number): number {
    return this.#chains
      ? (this.#chains.before[place] ?? 0)
      : this.#marks.lastIndexOf(mark, place - 1)
  }
}

function chained(marks: Uint32Array, last: number): Chains {
  const chains = { newest: new Uint32Array(BUCKETS), before: new Uint32Array(marks.length) }
  link(chains, marks, 1, last)
  return chains
}

function link({ newest, before }: Chains, marks: Uint32Array, first: number, last: number): void {
  for (let place = first; place <= last; place++) {
    const mark = marks[place] ?? 0
    if (mark === 0) continue
    before[place] = newest[mark % BUCKETS] ?? 0
    newest[mark % BUCKETS] = place
  }
}
