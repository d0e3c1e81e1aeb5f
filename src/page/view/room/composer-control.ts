// Controls the field for a message. It grows with the text. Enter sends, unless it belongs to an
// input method or a phone's keyboard. Every room keeps its own draft. While a message is edited, it
// takes the draft's place.

import { signal } from '@preact/signals'
import { createRef } from 'preact'
import type { ChatEvent } from '../../../client/index.ts'

/** The key code of a keydown of an input method, in browsers that set isComposing late. */
const IME_KEY_CODE = 229

/** Why nothing can be written. */
export type ClosedReason =
  | 'readersOnly'
  | 'closedToRole'
  | 'closedArchived'
  | 'closedFrozen'
  | 'closedMuted'

export type ComposerControl = ReturnType<typeof createComposer>

/** @param needs `onType`: called at each key, with whether the field has text */
export function createComposer({
  onSend,
  onRevise,
  onType,
}: {
  onSend: (content: string, replyTo?: number) => void
  onRevise: (seq: number, content: string) => void
  onType: (typing: boolean) => void
}) {
  const field = createRef<HTMLTextAreaElement>()
  /** The drafts, by room. */
  const drafts: Map<string, string> = new Map()
  /** The message that is being edited. */
  const revised = signal<{ seq: number; content: string } | undefined>(undefined)
  /** The message that is being answered. */
  const answered = signal<ChatEvent | undefined>(undefined)
  const isClosed = signal(false)
  const closed = signal<ClosedReason | undefined>(undefined)
  /** Until when a mute lasts, in ISO 8601, and why. */
  const mute = signal({ until: '', reason: '' })
  /** The seconds until the next message, in slow mode. */
  const wait = signal(0)
  const isEmpty = signal(true)
  let room = ''
  let ended = false

  const value = () => field.current?.value ?? ''

  function resize() {
    isEmpty.value = value().trim() === ''
    if (!field.current || CSS.supports('field-sizing', 'content')) return
    field.current.style.height = 'auto'
    field.current.style.height = `${field.current.scrollHeight}px`
  }

  /** A signal would disable it only with the next render: a key could come before. */
  function shut(closed: boolean) {
    isClosed.value = closed
    if (field.current) field.current.disabled = closed
    resize()
  }

  function write(content: string) {
    if (field.current) field.current.value = content
    keepDraft()
    resize()
  }

  function keepDraft() {
    if (!revised.value) drafts.set(room, value())
  }

  /** Ends editing, and brings the draft back. */
  function leaveRevision() {
    if (!revised.value) return
    onType(false)
    revised.value = undefined
    write(drafts.get(room) ?? '')
  }

  /** Neither edits nor answers any more. */
  function leave() {
    answered.value = undefined
    leaveRevision()
  }

  function send() {
    const content = value().trim()
    if (content === '' || isClosed.value || (wait.value > 0 && !revised.value)) return
    if (revised.value) {
      const { seq, content: before } = revised.value
      leaveRevision()
      if (content !== before) onRevise(seq, content)
    } else {
      const replyTo = answered.value?.seq
      answered.value = undefined
      write('')
      onSend(content, replyTo)
    }
    field.current?.focus()
  }

  return {
    field,
    revised,
    answered,
    isClosed,
    closed,
    isEmpty,
    mute,
    wait,

    onCancel: () => {
      leave()
      field.current?.focus()
    },

    onInput: () => {
      keepDraft()
      resize()
      onType(!isEmpty.value)
    },

    onKeyDown: (event: KeyboardEvent) => {
      const composing = event.isComposing || event.keyCode === IME_KEY_CODE
      if (event.key === 'Escape' && !composing) leave()
      if (event.key !== 'Enter' || event.shiftKey || composing) return
      // A phone's keyboard has no Shift to hold, so its Enter starts a new line and the button
      // sends.
      if (matchMedia('(pointer: coarse)').matches) return
      event.preventDefault()
      send()
    },

    onSubmit: (event: Event) => {
      event.preventDefault()
      send()
    },

    /** Opens another room, with its draft. */
    open: (roomId: string) => {
      leave()
      room = roomId
      ended = false
      closed.value = undefined
      shut(false)
      write(drafts.get(roomId) ?? '')
      if (matchMedia('(pointer: fine)').matches) field.current?.focus()
    },

    /** Closes the field for good. What it said of a right is not the reason. */
    close: () => {
      leave()
      closed.value = undefined
      ended = true
      shut(true)
    },

    /** Opens the field, or closes it with the reason. */
    allow: (reason: ClosedReason | undefined) => {
      if (ended) return
      if (reason) leave()
      closed.value = reason
      shut(reason !== undefined)
    },

    /** Deletes all drafts. */
    forget: () => {
      leave()
      drafts.clear()
      write('')
    },

    /** Puts a withdrawn message before the current text. */
    giveBack: (content: string, original?: ChatEvent) => {
      leaveRevision()
      if (original) answered.value = original
      write(value().trim() === '' ? content : `${content}\n${value()}`)
      field.current?.focus()
    },

    /** Starts to answer a message of the log. */
    answer: (message: ChatEvent) => {
      leaveRevision()
      answered.value = message
      field.current?.focus()
    },

    /** Starts to edit a message of the log. */
    revise: (seq: number, content: string) => {
      leave()
      revised.value = { seq, content }
      write(content)
      field.current?.focus()
    },
  }
}
