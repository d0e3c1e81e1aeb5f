// The field for a message. It grows with the text. Enter sends, unless it belongs to an input
// method or a phone's keyboard. Every room keeps its own draft. While a message is edited, it takes
// the draft's place.

import { find } from '../base/dom.ts'
import { setPlaceholder } from '../base/language.ts'

/** The key code of a keydown of an input method, in browsers that set isComposing late. */
const IME_KEY_CODE = 229

/** @param needs `onType`: called at each key, with whether the field has text */
export function createComposer({
  onSend,
  onRevise,
  onType,
}: {
  onSend: (content: string) => void
  onRevise: (seq: number, content: string) => void
  onType: (typing: boolean) => void
}) {
  const form = find('composer', HTMLFormElement)
  const field = find('message', HTMLTextAreaElement)
  const submit = find('send', HTMLButtonElement)
  /** The drafts, by room. */
  const drafts: Map<string, string> = new Map()
  let room = ''
  const strip = find('revising', HTMLElement)
  /** The message that is being edited. */
  let revised: { seq: number; content: string } | undefined
  let ended = false

  function resize() {
    submit.disabled = field.disabled || field.value.trim() === ''
    if (CSS.supports('field-sizing', 'content')) return
    field.style.height = 'auto'
    field.style.height = `${field.scrollHeight}px`
  }

  function shut(closed: boolean) {
    field.disabled = closed
    resize()
  }

  function send() {
    const content = field.value.trim()
    if (content === '' || field.disabled) return
    if (revised) {
      const { seq, content: before } = revised
      leaveRevision()
      if (content !== before) onRevise(seq, content)
    } else {
      write('')
      onSend(content)
    }
    field.focus()
  }

  /** Ends editing, and brings the draft back. */
  function leaveRevision() {
    if (!revised) return
    onType(false)
    revised = undefined
    strip.hidden = true
    write(drafts.get(room) ?? '')
  }

  function write(text: string) {
    field.value = text
    keepDraft()
    resize()
  }

  function keepDraft() {
    if (!revised) drafts.set(room, field.value)
  }

  find('revising-cancel', HTMLButtonElement).addEventListener('click', () => {
    leaveRevision()
    field.focus()
  })
  field.addEventListener('input', () => {
    keepDraft()
    resize()
    onType(field.value.trim() !== '')
  })
  field.addEventListener('keydown', (event) => {
    const composing = event.isComposing || event.keyCode === IME_KEY_CODE
    if (event.key === 'Escape' && !composing) leaveRevision()
    if (event.key !== 'Enter' || event.shiftKey || composing) return
    // A phone's keyboard has no Shift to hold, so its Enter starts a new line and the button sends.
    if (matchMedia('(pointer: coarse)').matches) return
    event.preventDefault()
    send()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send()
  })

  return {
    /** Opens another room, with its draft. */
    open: (roomId: string) => {
      leaveRevision()
      room = roomId
      ended = field.disabled = false
      setPlaceholder(field, 'messagePlaceholder')
      write(drafts.get(roomId) ?? '')
      if (matchMedia('(pointer: fine)').matches) field.focus()
    },

    /** Closes the field for good. */
    close: () => {
      leaveRevision()
      ended = true
      shut(true)
    },

    /** Opens or closes the field, by whether the reader may write here. */
    allow: (mayWrite: boolean) => {
      if (ended) return
      if (!mayWrite) leaveRevision()
      shut(!mayWrite)
      setPlaceholder(field, mayWrite ? 'messagePlaceholder' : 'readersOnly')
    },

    /** Deletes all drafts. */
    forget: () => {
      leaveRevision()
      drafts.clear()
      write('')
    },

    /** Puts a withdrawn message before the current text. */
    giveBack: (content: string) => {
      leaveRevision()
      write(field.value.trim() === '' ? content : `${content}\n${field.value}`)
      field.focus()
    },

    /** Starts to edit a message of the log. */
    revise: (seq: number, content: string) => {
      leaveRevision()
      revised = { seq, content }
      strip.hidden = false
      write(content)
      field.focus()
    },
  }
}
