// Many patterns in one pass over a text (Aho and Corasick, 1975). Each symbol of the text costs a
// step forward, and no more steps back than forward, however many patterns there are.

/** A pattern that is looked for. */
interface Pattern {
  readonly symbols: readonly number[]
  /** Bits that are reported where it ends. */
  readonly bits: number
  /** How many symbols are masked where it ends; 0: none. */
  readonly covers: number
}

/** Called for each place where patterns end, with their bits and the longest cover. */
type Hit = (end: number, bits: number, covers: number) => void

/** More than every symbol: a state and a symbol make one key. */
const SYMBOLS = 0x20000

/** Finds many patterns at once. Built once for the patterns of a room. */
export class Automaton {
  /** The next state by state and symbol. State 0 has seen nothing. */
  readonly #next = new Map<number, number>()
  /** The state of the longest proper suffix that begins a pattern. */
  readonly #fallback: number[] = [0]
  /** What ends in each state, in its suffixes too. */
  readonly #bits: number[] = [0]
  readonly #covers: number[] = [0]

  constructor(patterns: readonly Pattern[]) {
    const children: [state: number, symbol: number][][] = [[]]
    for (const { symbols, bits, covers } of patterns) {
      if (symbols.length === 0) continue
      let state = 0
      for (const symbol of symbols) state = this.#add(children, state, symbol)
      this.#end(state, bits, covers)
    }
    this.#link(children)
  }

  /**
   * Reads a text.
   *
   * @returns the number of steps: at most twice the number of symbols.
   */
  scan(symbols: readonly number[], hit: Hit): number {
    let state = 0
    let steps = 0
    for (let at = 0; at < symbols.length; at++) {
      const symbol = symbols[at] ?? 0
      let next = this.#next.get(state * SYMBOLS + symbol)
      for (steps++; next === undefined && state !== 0; steps++) {
        state = this.#fallback[state] ?? 0
        next = this.#next.get(state * SYMBOLS + symbol)
      }
      state = next ?? 0
      const bits = this.#bits[state] ?? 0
      if (bits !== 0) hit(at + 1, bits, this.#covers[state] ?? 0)
    }
    return steps
  }

  #add(children: [number, number][][], state: number, symbol: number): number {
    const known = this.#next.get(state * SYMBOLS + symbol)
    if (known !== undefined) return known
    const added = children.length
    this.#next.set(state * SYMBOLS + symbol, added)
    children.push([])
    children[state]?.push([added, symbol])
    this.#bits.push(0)
    this.#covers.push(0)
    this.#fallback.push(0)
    return added
  }

  #end(state: number, bits: number, covers: number): void {
    this.#bits[state] = (this.#bits[state] ?? 0) | bits
    this.#covers[state] = Math.max(this.#covers[state] ?? 0, covers)
  }

  /** The shorter states first: a fallback is shorter than its state. */
  #link(children: readonly [number, number][][]): void {
    const queue = [0]
    for (const state of queue) {
      for (const [child, symbol] of children[state] ?? []) {
        queue.push(child)
        if (state !== 0) this.#fallback[child] = this.#suffix(state, symbol)
        const fallback = this.#fallback[child] ?? 0
        this.#end(child, this.#bits[fallback] ?? 0, this.#covers[fallback] ?? 0)
      }
    }
  }

  #suffix(state: number, symbol: number): number {
    let at = state
    while (at !== 0) {
      at = this.#fallback[at] ?? 0
      const next = this.#next.get(at * SYMBOLS + symbol)
      if (next !== undefined) return next
    }
    return 0
  }
}
