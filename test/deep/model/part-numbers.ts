// A number for each part that occurs, by what it serializes to. Parts that are alike share theirs.

import type { Machine } from './machine.ts'

/** Numbers of one kind of part are below this: two of them make one small integer. */
const RADIX = 2 ** 15

export class PartNumbers<Part> {
  readonly #alikeFrom: number
  readonly #numbers: readonly Map<string, number>[]
  readonly #parts: readonly Part[][]

  constructor({ start, alikeFrom }: Machine<Part>) {
    this.#alikeFrom = alikeFrom
    this.#numbers = start.map(() => new Map())
    this.#parts = start.map(() => [])
  }

  of(place: number, part: Part): number {
    const numbers = this.#numbers[this.#kind(place)] as Map<string, number>
    const text = JSON.stringify(part)
    const known = numbers.get(text)
    if (known !== undefined) return known
    const number = numbers.size
    if (number === RADIX) throw new Error('too many different parts')
    numbers.set(text, number)
    this.#parts[this.#kind(place)]?.push(part)
    return number
  }

  part(place: number, number: number): Part {
    return this.#parts[this.#kind(place)]?.[number] as Part
  }

  /** What `ask` says of the parts at one or two places, asked once for any that stand there. */
  remembered<Value>(on: readonly number[], ask: (parts: Part[]) => Value) {
    if (on.length > 2) throw new Error('more than two parts decide')
    const [first = 0, second = first] = on
    const answers = new Map<number, Value>()
    return (row: Uint16Array): Value => {
      const [one, other] = [row[first] as number, row[second] as number]
      const name = one * RADIX + other
      let answer = answers.get(name)
      if (answer === undefined) {
        answer = ask(on.map((place) => this.part(place, row[place] as number)))
        answers.set(name, answer)
      }
      return answer
    }
  }

  #kind(place: number): number {
    return Math.min(place, this.#alikeFrom)
  }
}
