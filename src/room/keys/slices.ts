// The fingerprints of a span of events in slices: as many as it has blocks, each with those that begin with the same
// bits, sorted. A key is looked for in one slice of a span, which is in one row of the log.

/** Powers of two: events of a span, and of each of its blocks. */
export interface SpanSize {
  readonly span: number
  readonly block: number
}

/** In which slice a fingerprint is: from 0 on. */
export function sliceOf(mark: number, size: SpanSize): number {
  const bits = sliceBits(size)
  return bits === 0 ? 0 : mark >>> (32 - bits)
}

/**
 * A slice: 32 bits for each of its fingerprints, of which the first say how it goes on after those that all have, and
 * the others its place in the span. Ascending.
 *
 * @param marks all fingerprints of the span, in the order of its events; 0 for an event that has no key.
 */
export function slice(marks: Uint32Array, index: number, size: SpanSize): Uint32Array {
  const entries: number[] = []
  for (let place = 0; place < marks.length; place++) {
    const mark = marks[place] ?? 0
    if (mark !== 0 && sliceOf(mark, size) === index) entries.push(entry(mark, place, size))
  }
  return Uint32Array.from(entries).sort()
}

/**
 * The same from slices of the shorter spans that it consists of.
 *
 * @param parts of each shorter span, in their order, the slice that has all of those.
 */
export function joined(
  parts: readonly Uint32Array[],
  partSize: SpanSize,
  index: number,
  size: SpanSize,
): Uint32Array {
  const entries: number[] = []
  const start = (index << (32 - sliceBits(size))) >>> 0
  for (const [number, part] of parts.entries()) {
    for (const each of part) {
      const mark = markOf(each, sliceOf(start, partSize), partSize)
      const place = number * partSize.span + placeOf(each, partSize)
      if (sliceOf(mark, size) === index) entries.push(entry(mark, place, size))
    }
  }
  return Uint32Array.from(entries).sort()
}

/** The places of a fingerprint, the last one first; now and then that of another, which begins as it does. */
export function placesIn(entries: Uint32Array, mark: number, size: SpanSize): number[] {
  const first = entry(mark, 0, size)
  const last = entry(mark, size.span - 1, size)
  const places: number[] = []
  for (let index = upTo(entries, last) - 1; (entries[index] ?? -1) >= first; index--) {
    places.push(placeOf(entries[index] ?? 0, size))
  }
  return places
}

const placeBits = ({ span }: SpanSize) => Math.log2(span)

const sliceBits = ({ span, block }: SpanSize) => Math.log2(span / block)

function entry(mark: number, place: number, size: SpanSize): number {
  const bits = placeBits(size)
  return ((((mark << sliceBits(size)) >>> bits) << bits) | place) >>> 0
}

const placeOf = (each: number, { span }: SpanSize) => each % span

/** A fingerprint as far as it is there: without its last bits, of which there are as many as a place in a block has. */
function markOf(each: number, index: number, size: SpanSize): number {
  const bits = sliceBits(size)
  const start = bits === 0 ? 0 : index << (32 - bits)
  return (start | ((each - placeOf(each, size)) >>> bits)) >>> 0
}

/** How many entries are not greater than one. */
function upTo(entries: Uint32Array, one: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle] ?? 0) <= one) low = middle + 1
    else high = middle
  }
  return low
}
