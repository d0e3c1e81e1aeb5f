// What a reply answers, above it. It leads to the original if that was loaded or can be.

import type { Quote } from '../../../client/index.ts'
import { Name } from '../base/elements.tsx'
import { text } from '../base/language.ts'

/** A quote that leads to its message. */
export const QuoteOf = ({ quote, onJump }: { quote: Quote; onJump: (seq: number) => void }) => (
  <button class="quote" type="button" title={text('toOriginal')} onClick={() => onJump(quote.seq)}>
    <span class="by-ear">{text('answers')}</span> <Name name={quote.sender.name} />{' '}
    <span class="quoted" dir="auto">
      {quote.deleted === undefined ? quote.content : text('messageDeleted')}
    </span>
  </button>
)
