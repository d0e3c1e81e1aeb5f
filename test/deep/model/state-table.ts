// The states met so far: each a row of small numbers in one long typed array, found again by hash.

const INITIAL = 1 << 12

export class StateTable {
  readonly width: number
  size = 0
  #cells: Uint16Array<ArrayBuffer>
  /** For each place of the hash table the index of a state, and 1 more: 0 is an empty place. */
  #places = new Int32Array(INITIAL * 2)

  /** @param width numbers in a row. */
  constructor(width: number) {
    this.width = width
    this.#cells = new Uint16Array(INITIAL * width)
  }

  /** Copies the row of a state. */
  read(index: number, into: Uint16Array): void {
    const from = index * this.width
    for (let at = 0; at < this.width; at++) into[at] = this.#cells[from + at] ?? 0
  }

  /** The index of a row; one that is new gets the next. */
  intern(row: Uint16Array): number {
    const mask = this.#places.length - 1
    let place = hash(row) & mask
    for (;;) {
      const found = this.#places[place] ?? 0
      if (found === 0) break
      if (this.#holds(found - 1, row)) return found - 1
      place = (place + 1) & mask
    }
    const index = this.size++
    if ((index + 1) * this.width > this.#cells.length) this.#growCells()
    this.#cells.set(row, index * this.width)
    this.#places[place] = index + 1
    if (this.size * 2 > this.#places.length) this.#growPlaces()
    return index
  }

  #holds(index: number, row: Uint16Array): boolean {
    const from = index * this.width
    for (let at = 0; at < this.width; at++) {
      if (this.#cells[from + at] !== row[at]) return false
    }
    return true
  }

  #growCells(): void {
    const cells = new Uint16Array(this.#cells.length * 2)
    cells.set(this.#cells)
    this.#cells = cells
  }

  #growPlaces(): void {
    const places = new Int32Array(this.#places.length * 2)
    const mask = places.length - 1
    const row = new Uint16Array(this.width)
    for (let index = 0; index < this.size; index++) {
      this.read(index, row)
      let place = hash(row) & mask
      while (places[place] !== 0) place = (place + 1) & mask
      places[place] = index + 1
    }
    this.#places = places
  }
}

/** A list of whole numbers that grows. */
export class Numbers {
  length = 0
  #cells = new Int32Array(INITIAL)

  push(value: number): void {
    if (this.length === this.#cells.length) {
      const cells = new Int32Array(this.length * 2)
      cells.set(this.#cells)
      this.#cells = cells
    }
    this.#cells[this.length++] = value
  }

  at(index: number): number {
    return this.#cells[index] ?? 0
  }

  set(index: number, value: number): void {
    this.#cells[index] = value
  }
}

function hash(row: Uint16Array): number {
  let sum = 0x9e3779b9
  for (let at = 0; at < row.length; at++) {
    sum = Math.imul(sum ^ (row[at] ?? 0), 0x85ebca6b)
    sum ^= sum >>> 15
  }
  sum = Math.imul(sum, 0xc2b2ae35)
  return (sum ^ (sum >>> 13)) >>> 0
}
