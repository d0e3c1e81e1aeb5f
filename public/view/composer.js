// @ts-check
// Where a message is written: grows with the text, Enter sends, an input method's Enter never does,
// and every room keeps its own draft.
import { find } from './dom.js'

/** The key code of a keydown that belongs to an input method, in the browsers that say so late. */
const IME_KEY_CODE = 229

/** @param {{ onSend: (content: string) => void }} needs */
export function createComposer({ onSend }) {
  const form = find('composer', HTMLFormElement)
  const field = find('message', HTMLTextAreaElement)
  const submit = find('send', HTMLButtonElement)
  /** @type {Map<string, string>} by room */
  const drafts = new Map()
  let room = ''

  function resize() {
    submit.disabled = field.disabled || field.value.trim() === ''
    if (CSS.supports('field-sizing', 'content')) return
    field.style.height = 'auto'
    field.style.height = `${field.scrollHeight}px`
  }

  function send() {
    const content = field.value.trim()
    if (content === '' || field.disabled) return
    write('')
    onSend(content)
    field.focus()
  }

  /** @param {string} text */
  function write(text) {
    field.value = text
    drafts.set(room, text)
    resize()
  }

  field.addEventListener('input', () => {
    drafts.set(room, field.value)
    resize()
  })
  field.addEventListener('keydown', (event) => {
    const composing = event.isComposing || event.keyCode === IME_KEY_CODE
    if (event.key !== 'Enter' || event.shiftKey || composing) return
    event.preventDefault()
    send()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send()
  })

  return {
    /** Another room, with what was being written there. @param {string} roomId */
    open: (roomId) => {
      room = roomId
      field.disabled = false
      write(drafts.get(roomId) ?? '')
      if (matchMedia('(pointer: fine)').matches) field.focus()
    },

    /** Nothing can be said here any more. */
    close: () => {
      field.disabled = true
      resize()
    },

    /** Nothing was being written anywhere. */
    forget: () => {
      drafts.clear()
      write('')
    },

    /** A withdrawn message comes back, before what is being written. @param {string} content */
    giveBack: (content) => {
      write(field.value.trim() === '' ? content : `${content}\n${field.value}`)
      field.focus()
    },
  }
}
