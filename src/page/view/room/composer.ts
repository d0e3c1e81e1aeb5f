// Where a message is written: grows with the text, Enter sends where there is a keyboard (an input
// method's Enter never does), and every room keeps its own draft. A message that is edited takes
// the draft's place for a while.

import { find } from '../base/dom.ts'
import { placeholder } from '../base/language.ts'

/** The key code of a keydown that belongs to an input method, in the browsers that say so late. */
const IME_KEY_CODE = 229

/** @param needs `onType`: at each key, whether there is something written */
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
  /** By room. */
  const drafts: Map<string, string> = new Map()
  let room = ''
  const strip = find('revising', HTMLElement)
  /** The message that is edited. */
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

  /** The draft is back. */
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
    // A keyboard on the screen has no Shift to hold: its Enter breaks the line, and the button
    // sends.
    if (matchMedia('(pointer: coarse)').matches) return
    event.preventDefault()
    send()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send()
  })

  return {
    /** Another room, with what was being written there. */
    open: (roomId: string) => {
      leaveRevision()
      room = roomId
      ended = field.disabled = false
      placeholder(field, 'messagePlaceholder')
      write(drafts.get(roomId) ?? '')
      if (matchMedia('(pointer: fine)').matches) field.focus()
    },

    /** Nothing can be said here any more. */
    close: () => {
      leaveRevision()
      ended = true
      shut(true)
    },

    /** Whether the reader may write here, as far as is known. */
    allow: (mayWrite: boolean) => {
      if (ended) return
      if (!mayWrite) leaveRevision()
      shut(!mayWrite)
      placeholder(field, mayWrite ? 'messagePlaceholder' : 'readersOnly')
    },

    /** Nothing was being written anywhere. */
    forget: () => {
      leaveRevision()
      drafts.clear()
      write('')
    },

    /** A withdrawn message comes back, before what is being written. */
    giveBack: (content: string) => {
      leaveRevision()
      write(field.value.trim() === '' ? content : `${content}\n${field.value}`)
      field.focus()
    },

    /** A message of the log gets another content. */
    revise: (seq: number, content: string) => {
      leaveRevision()
      revised = { seq, content }
      strip.hidden = false
      write(content)
      field.focus()
    },
  }
}
