// The pinned messages of a room: a button with their number, and the list.

import { effect, type ReadonlySignal, signal } from '@preact/signals'
import { HttpRefusal } from '../../../client/index.ts'
import { api, type Room } from '../../api/api.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Pin } from '../../room/history.ts'
import { rightsIn } from '../../room/rights.ts'
import { createDialog, Dialog } from '../base/dialog.tsx'
import { Icon, Name, Problem } from '../base/elements.tsx'
import { labels, refusalText, text } from '../base/language.ts'
import { Time } from '../base/time.tsx'

type PinsControl = ReturnType<typeof createPins>

/**
 * Holds the pins, and adds or removes one.
 *
 * @param needs `offered`: the room while the reader is in it. `load`: asks for the pins again.
 * `onJump`: shows a message in the log
 */
export function createPins({
  identity,
  room,
  offered,
  load,
  onJump,
}: {
  identity: Identity
  room: ReadonlySignal<Room | undefined>
  offered: ReadonlySignal<Room | undefined>
  load: () => void
  onJump: (seq: number) => void
}) {
  /** The newest pin first. */
  const pins = signal<readonly Pin[]>([])
  const problem = signal<string | undefined>(undefined)
  const dialog = createDialog()

  // The list ends with the reader's being in the room.
  effect(() => {
    if (!offered.value) dialog.close()
  })

  return {
    pins,
    problem,
    dialog,
    mayPin: () => rightsIn(room.value).may('pin'),
    isPinned: (seq: number) => pins.value.some((pin) => pin.seq === seq),

    open: () => {
      problem.value = undefined
      // The log may have dropped what was pinned long ago.
      load()
      dialog.open()
    },

    jump: (seq: number) => {
      dialog.close()
      onJump(seq)
    },

    /** Pins a message, or unpins it. A refusal stands in the list. */
    set: async (seq: number, on: boolean) => {
      const { id = '' } = room.peek() ?? {}
      problem.value = undefined
      try {
        await identity.authorized((token) => api.pin(token, id, seq, on))
      } catch (error) {
        problem.value = error instanceof HttpRefusal ? error.code : 'internal'
        dialog.open()
      }
    },
  }
}

/** Hidden if nothing is pinned. */
export const PinsButton = ({ control }: { control: PinsControl }) => (
  <button
    class="quiet"
    id="open-pins"
    type="button"
    aria-haspopup="dialog"
    hidden={control.pins.value.length === 0}
    onClick={control.open}
    {...labels('pins')}
  >
    <Icon name="pin" />
    <span class="badge" aria-hidden="true">
      {control.pins.value.length}
    </span>
  </button>
)

/** The newest pin comes first. A row leads to the message. */
export const Pins = ({ control }: { control: PinsControl }) => (
  <Dialog id="pins" control={control.dialog}>
    <header class="sheet-head">
      <h2 id="pins-title">{text('pins')}</h2>
      <button class="quiet" type="button" onClick={control.dialog.close} {...labels('close')}>
        <Icon name="close" />
      </button>
    </header>
    <Problem id="pins-problem">
      {control.problem.value && refusalText(control.problem.value)}
    </Problem>
    <ul class="pin-list" id="pin-list">
      {control.pins.value.map((pin) => (
        <PinRow key={pin.seq} pin={pin} control={control} />
      ))}
    </ul>
  </Dialog>
)

const PinRow = ({ pin: { seq, message }, control }: { pin: Pin; control: PinsControl }) => (
  <li class="pin">
    <button class="pin-jump" type="button" onClick={() => control.jump(seq)}>
      {message && (
        <span class="detail">
          <Name name={message.sender.name} /> <Time iso={message.at} style="moment" />
        </span>
      )}
      <span class="pin-text" dir="auto">
        {message?.content ?? text('pinnedBefore')}
      </span>
    </button>
    {control.mayPin() && (
      <button class="small" type="button" onClick={() => void control.set(seq, false)}>
        {text('unpin')}
      </button>
    )}
  </li>
)
