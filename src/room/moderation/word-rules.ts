// The rules of words: what a text holds that a room does not want. All rules are looked for in one
// pass over the folded text, in linear time.

import type { RuleAction, WordRule } from '../../content-rules.ts'
import { type FoldedText, foldText } from '../../folded-text.ts'
import { Automaton } from './automaton.ts'

/** What rules have found in a text. */
export interface Findings {
  readonly actions: Set<RuleAction>
  /** Ranges of the folded text that are to be masked; they may overlap. */
  readonly masked: (readonly [from: number, to: number])[]
}

const BITS: { readonly [A in RuleAction]: number } = { refuse: 1, mask: 2, report: 4 }
const ACTIONS = Object.entries(BITS) as [RuleAction, number][]

/** Stands where a word begins or ends. No text has it: it is above all UTF-16 units. */
const EDGE = 0x10000

const WORD_CHARACTER = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u

/** The rules of words of a room, made ready to be applied. */
export class WordMatcher {
  readonly #anywhere: Automaton | undefined
  readonly #words: Automaton | undefined

  constructor(rules: readonly WordRule[]) {
    this.#anywhere = automaton(
      rules.filter(({ word }) => !word),
      unitsOf,
    )
    this.#words = automaton(
      rules.filter(({ word }) => word),
      (text) => withEdges(text).symbols,
    )
  }

  /**
   * Finds what the rules are about.
   *
   * @returns the number of steps: a fixed number for each unit of the text at most.
   */
  search({ text }: FoldedText, findings: Findings): number {
    let steps = 0
    if (this.#anywhere) {
      steps += this.#anywhere.scan(unitsOf(text), (end, bits, covers) =>
        note(findings, end, bits, covers),
      )
    }
    if (this.#words) {
      const { symbols, ends } = withEdges(text)
      steps += this.#words.scan(symbols, (end, bits, covers) =>
        note(findings, ends[end - 1] ?? 0, bits, covers),
      )
    }
    return steps
  }
}

function automaton(
  rules: readonly WordRule[],
  symbolsOf: (text: string) => number[],
): Automaton | undefined {
  if (rules.length === 0) return undefined
  return new Automaton(
    rules.map(({ pattern, action }) => {
      const { text } = foldText(pattern)
      const covers = action === 'mask' ? text.length : 0
      return { symbols: symbolsOf(text), bits: BITS[action], covers }
    }),
  )
}

function note({ actions, masked }: Findings, end: number, bits: number, covers: number): void {
  for (const [action, bit] of ACTIONS) if (bits & bit) actions.add(action)
  if (covers > 0) masked.push([end - covers, end])
}

function unitsOf(text: string): number[] {
  const units: number[] = []
  for (let at = 0; at < text.length; at++) units.push(text.charCodeAt(at))
  return units
}

/**
 * The units of a text with an edge wherever a word begins or ends (UTS 18, RL1.4), and after how
 * many units each symbol ends. A pattern with its own edges is found where it is whole words.
 */
function withEdges(text: string): { readonly symbols: number[]; readonly ends: number[] } {
  const symbols: number[] = []
  const ends: number[] = []
  let inWord = false
  let at = 0
  const edge = (isWord: boolean) => {
    if (isWord !== inWord) {
      symbols.push(EDGE)
      ends.push(at)
    }
    inWord = isWord
  }
  for (const character of text) {
    edge(WORD_CHARACTER.test(character))
    for (const unit of unitsOf(character)) {
      symbols.push(unit)
      ends.push(++at)
    }
  }
  edge(false)
  return { symbols, ends }
}
