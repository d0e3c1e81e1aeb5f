// Holds what the log shows, and keeps a busy room from filling the memory.

import { signal } from '@preact/signals'
import type { ChatEvent, Entry } from '../../../client/index.ts'
import type { User } from '../../api/api.ts'
import { createLogScroll } from './log-scroll.ts'
import { EMPTY, type LogState } from './log-state.ts'

/** The most rows to keep at the end of the log. Scrolling up loads older ones again. */
const ROWS_MAX = 600
const ROWS_KEPT = 300
/** The most pages to load on the way to a message. */
const JUMP_PAGES = 10

/** `edit` puts the text back into the composer. */
export type EntryActions = Record<'retry' | 'edit' | 'discard', (key: string) => void>

/** `mayWrite`: whether the reader may react. */
export interface Access {
  readonly mayWrite: boolean
}

/** `hasMenu`: whether anything may be done with a message. `onMenu`: opens its menu. */
export interface MessageActions {
  readonly onReact: (message: ChatEvent, reaction: string, on: boolean) => void
  readonly hasMenu: (message: ChatEvent) => boolean
  readonly onMenu: (message: ChatEvent, button: HTMLButtonElement) => void
}

/** What the log needs of the room. `onTrimmed`: the rows before a seq were removed. */
export interface LogNeeds {
  readonly me: () => User
  readonly isMine: (userId: string) => boolean
  readonly nameOf: (userId: string) => string | undefined
  readonly mayShare: () => boolean
  readonly onShare: () => void
  readonly loadOlder: () => Promise<void>
  readonly onTrimmed: (firstSeq: number) => void
  readonly message: MessageActions
  readonly entry: EntryActions
}

export type LogControl = ReturnType<typeof createLog>

/** The rows of one room at a time: `clear` begins anew. */
export function createLog(needs: LogNeeds) {
  const { isMine } = needs
  const state = signal<LogState>(EMPTY)
  /** What the reader may do. Another object: it has changed, so every row looks again. */
  const access = signal<Access>({ mayWrite: true })
  const older = signal<'idle' | 'loading' | 'failed'>('idle')
  const scroll = createLogScroll(() => void loadOlder())

  const change = (next: Partial<LogState>) => {
    state.value = { ...state.peek(), ...next }
  }

  async function loadOlder() {
    if (!state.peek().more || older.peek() === 'loading') return
    older.value = 'loading'
    try {
      await needs.loadOlder()
      older.value = 'idle'
    } catch {
      older.value = 'failed'
    }
  }

  /** Shows a message of the log, and loads it if it is not far. */
  async function jump(seq: number) {
    for (let loaded = 0; loaded <= JUMP_PAGES; loaded++) {
      if (scroll.show(`[data-seq="${seq}"]`) || !state.peek().more) return
      await loadOlder()
      // The rows are rendered by then.
      await new Promise(requestAnimationFrame)
    }
  }

  /** Removes the oldest rows, so that a busy room does not fill the memory. */
  function trim() {
    const { messages, outgoing } = state.peek()
    if (messages.length + outgoing.length <= ROWS_MAX) return
    const kept = messages.slice(-ROWS_KEPT)
    const [first] = kept
    if (!first) return
    change({ messages: kept, more: true })
    needs.onTrimmed(first.seq)
  }

  return {
    state,
    access,
    older,
    scroll,
    needs,
    loadOlder,
    jump: (seq: number) => void jump(seq),

    /** A message that is shown. */
    find: (seq: number | undefined) => state.peek().messages.find((message) => message.seq === seq),

    /** Another room: removes everything. */
    clear: () => {
      // The count of pages goes on, so that the first page of another room counts as one.
      state.value = { ...EMPTY, pages: state.peek().pages }
      older.value = 'idle'
      scroll.toEnd()
    },

    /** No page will come any more. If none came, hide the note about the start of the log. */
    giveUp: () => change({ gaveUp: true }),

    /** Adds a page before everything shown. */
    prepend: (messages: readonly ChatEvent[], more: boolean) => {
      const { messages: shown, pages } = state.peek()
      change({ messages: [...messages, ...shown], more, known: true, pages: pages + 1 })
    },

    /** Adds the next message of the log. */
    append: (message: ChatEvent) => {
      const { messages, outgoing } = state.peek()
      const mine = isMine(message.sender.id)
      const rest = mine ? outgoing.filter(({ key }) => key !== message.idempotencyKey) : outgoing
      change({ messages: [...messages, message], outgoing: rest })
      if (scroll.atEnd.peek() && older.peek() !== 'loading') trim()
      const isNews = message.type === 'message' && !mine
      if (!scroll.atEnd.peek() && isNews) scroll.unseen.value += 1
    },

    /** Shows an edit, a deletion or a reaction. */
    change: (message: ChatEvent) => {
      const { messages } = state.peek()
      change({ messages: messages.map((one) => (one.seq === message.seq ? message : one)) })
    },

    /** Shows the state of an own change of a message. */
    showChange: (entry: Entry) => {
      const others = state.peek().changes.filter(({ key }) => key !== entry.key)
      change({ changes: entry.state === 'sent' ? others : [...others, entry] })
    },

    /** Shows the state of an own message. */
    show: (entry: Entry) => {
      const { outgoing } = state.peek()
      if (outgoing.some(({ key }) => key === entry.key)) {
        change({ outgoing: outgoing.map((one) => (one.key === entry.key ? entry : one)) })
      } else if (entry.state !== 'sent') {
        change({ outgoing: [...outgoing, entry] })
        scroll.toEnd()
      }
    },

    /** Removes an own message that was withdrawn, or that its event shows in another row. */
    forget: (gone: string) => {
      const { outgoing, changes } = state.peek()
      change({
        outgoing: outgoing.filter(({ key }) => key !== gone),
        changes: changes.filter(({ key }) => key !== gone),
      })
    },
  }
}
