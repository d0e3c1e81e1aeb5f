// A link that can be copied: a field that shows it, and a button.

import { createRef } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { type TextKey, text } from '../../base/language.ts'

const COPIED_MS = 2500

/** A text that cannot be changed, with a button that copies it, also on a page over http. */
export function CopyField({
  id,
  label,
  action = 'copyLink',
  value,
}: {
  id: string
  label: TextKey
  action?: TextKey
  value: string
}) {
  const [copied, setCopied] = useState(false)
  const field = useMemo(() => createRef<HTMLInputElement>(), [])

  async function copy() {
    try {
      await navigator.clipboard.writeText(value)
    } catch {
      // The browser may refuse the clipboard, and a page over http has none. Then select the text,
      // so that it can be copied by key.
      field.current?.select()
      if (!document.execCommand('copy')) return
    }
    setCopied(true)
    setTimeout(() => setCopied(false), COPIED_MS)
  }

  return (
    <div class="field">
      <label for={id}>{text(label)}</label>
      <div class="copied">
        <input
          id={id}
          ref={field}
          type="text"
          readOnly
          value={value}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <button type="button" id={`copy-${id}`} aria-live="polite" onClick={() => void copy()}>
          {text(copied ? 'copied' : action)}
        </button>
      </div>
    </div>
  )
}
