// A list that grows as things arrive, and promises of what will be in it: how tests wait.

/** Milliseconds after which what has not come is taken never to come. */
const TIMEOUT = 20_000

export class Inbox<Item> {
  readonly items: Item[] = []
  #ended: string | undefined
  readonly #waiting = new Set<() => void>()

  add(item: Item): void {
    this.items.push(item)
    this.#wake()
  }

  /** Nothing comes any more. */
  end(reason: string): void {
    this.#ended ??= reason
    this.#wake()
  }

  /** The first item that matches, in the past or in the future. */
  find(matches: (item: Item) => boolean, timeout = TIMEOUT): Promise<Item> {
    return this.#when(() => this.items.find(matches), timeout)
  }

  /** All items, as soon as there are so many that match. */
  async count(least: number, matches: (item: Item) => boolean = () => true): Promise<Item[]> {
    return this.#when(() => {
      const found = this.items.filter(matches)
      return found.length >= least ? found : undefined
    }, TIMEOUT)
  }

  #when<Value>(look: () => Value | undefined, timeout: number): Promise<Value> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => {
        clearTimeout(timer)
        this.#waiting.delete(check)
        outcome()
      }
      const fail = (why: string) =>
        settle(() => reject(new Error(`${why}; so far: ${JSON.stringify(this.items.slice(-9))}`)))
      const check = () => {
        const value = look()
        if (value !== undefined) settle(() => resolve(value))
        else if (this.#ended !== undefined) fail(`ended (${this.#ended}) before it came`)
      }
      const timer = setTimeout(() => fail('did not come'), timeout)
      this.#waiting.add(check)
      check()
    })
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check()
  }
}
