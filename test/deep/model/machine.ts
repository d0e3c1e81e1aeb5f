// What the explorer explores: a state of several parts, the rules that change them, the laws that
// hold.

/** Parts are plain data; two that serialize alike are the same. */
export interface Machine<Part> {
  /** The parts at the beginning, and what to call them. */
  readonly start: readonly Part[]
  readonly names: readonly string[]
  /** From this place on, parts differ by nothing but their names, and may change places. */
  readonly alikeFrom: number
  readonly rules: readonly Rule<Part>[]
  /** What holds in every state. */
  readonly laws: readonly Law<Part>[]
  /** What holds where nothing can happen any more but a fault. */
  readonly atRest: readonly Law<Part>[]
}

export interface Rule<Part> {
  readonly name: string
  /**
   * Whether it is a fault: nobody may rely on its happening, and how often it happens may be
   * bounded.
   */
  readonly fault: boolean
  /** The place of the part that does it, or suffers it. */
  readonly who: number
  /** The places of the parts that decide: one or two. */
  readonly on: readonly number[]
  /** The places of parts that decide nothing and may be changed too. */
  readonly others: readonly number[]
  steps(parts: readonly Part[]): readonly Outcome<Part>[]
}

/** A step that a rule makes possible. */
export interface Outcome<Part> {
  readonly note: string
  /** What becomes of the parts that decide, in their order. */
  readonly parts: readonly Part[]
  /** What becomes of each of the others; without it, nothing. */
  readonly change?: ((part: Part) => Part) | undefined
}

export interface Law<Part> {
  readonly id: string
  /** One or two places. */
  readonly on: readonly number[]
  /** Says how it is broken, if it is. */
  broken(parts: readonly Part[]): string | undefined
}
