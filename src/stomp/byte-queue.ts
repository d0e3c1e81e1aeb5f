// The bytes of a connection that were received and not yet read. Knows nothing of frames.

const NOTHING = new Uint8Array(0)

/**
 * A queue with two marks: `unread`, where the next thing begins, and how far it was searched
 * before, so that no byte is looked at twice. Positions count from the start of the present memory.
 */
export class ByteQueue {
  /** Where the reader stands. */
  unread = 0
  #bytes: Uint8Array = NOTHING
  #end = 0
  #searched = 0

  /** Where the bytes received so far end. */
  get end(): number {
    return this.#end
  }

  get isEmpty(): boolean {
    return this.unread === this.#end
  }

  /** The byte at a position. */
  at(position: number): number | undefined {
    return this.#bytes[position]
  }

  /** The bytes between two positions: a view that later writes leave alone. */
  view(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(from, to)
  }

  /** Adds a piece. The queue may keep `piece` itself: the caller no longer writes to it. */
  write(piece: Uint8Array): void {
    if (this.isEmpty) {
      this.#bytes = piece
      this.#end = piece.length
      this.unread = this.#searched = 0
      return
    }
    if (this.#end + piece.length > this.#bytes.length) this.#grow(piece.length)
    this.#bytes.set(piece, this.#end)
    this.#end += piece.length
  }

  /** Moves the reader: what lies before `position` is done with. */
  readTo(position: number): void {
    this.unread = this.#searched = position
  }

  /** The position of the first `byte` after the last search; -1 and a mark when there is none. */
  find(byte: number): number {
    const whole = this.#end === this.#bytes.length
    const bytes = whole ? this.#bytes : this.#bytes.subarray(0, this.#end)
    const found = bytes.indexOf(byte, this.#searched)
    if (found === -1) this.#searched = this.#end
    return found
  }

  /** How far a search without a find has come: what follows was not looked at. */
  get searchedTo(): number {
    return this.#searched
  }

  /** Into new memory, at least twice as large: views of the old one stay as they are. */
  #grow(more: number): void {
    const kept = this.#bytes.subarray(this.unread, this.#end)
    const grown = new Uint8Array(Math.max(256, 2 * (kept.length + more)))
    grown.set(kept)
    this.#searched -= this.unread
    this.#end = kept.length
    this.unread = 0
    this.#bytes = grown
  }
}
