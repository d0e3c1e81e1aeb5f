// Dialogs that are rarely opened are a second bundle, view/dialogs/. It is loaded when one of them
// is first opened. If that fails, a note says so, and the next click tries again.

import { signal } from '@preact/signals'
import { createRef } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { Icon } from './base/elements.tsx'
import { labels, text } from './base/language.ts'
import type { DialogNeeds, Dialogs } from './dialogs/dialogs.tsx'

/** A shorter wait needs no note. */
const SLOW_MS = 400

type Bundle = typeof import('./dialogs/dialogs.tsx')
type Use = (dialogs: Dialogs) => void

export type LateDialogs = ReturnType<typeof createLateDialogs>

/**
 * @param address where the second bundle is
 * @param needs what the dialogs need of the page, asked for once they have loaded
 */
export function createLateDialogs(address: string, needs: () => DialogNeeds) {
  const note = signal<'loading' | 'partFailed' | undefined>(undefined)
  let dialogs: Dialogs | undefined
  /** What the last click wants to open. */
  let wanted: Use | undefined
  let isLoading = false
  let failures = 0

  async function load() {
    if (isLoading) return
    isLoading = true
    note.value = undefined
    const slow = setTimeout(() => {
      note.value = 'loading'
    }, SLOW_MS)
    const bundle = await fetchBundle()
    clearTimeout(slow)
    isLoading = false
    if (bundle) {
      dialogs = bundle.createDialogs(needs())
      note.value = undefined
      wanted?.(dialogs)
    } else if (wanted) note.value = 'partFailed'
  }

  async function fetchBundle(): Promise<Bundle | undefined> {
    // Some browsers remember that a module did not load, so another try has another address.
    const again = failures === 0 ? '' : `?${failures}`
    try {
      return await import(`${address}${again}`)
    } catch {
      failures += 1
      return undefined
    }
  }

  return {
    note,

    /** Uses the dialogs, at once if they have been loaded. */
    use: (use: Use) => {
      if (dialogs) return use(dialogs)
      wanted = use
      void load()
    },

    retry: () => void load(),

    /** The reader has gone elsewhere: nothing opens any more. */
    drop: () => {
      wanted = undefined
      note.value = undefined
    },
  }
}

const note = createRef<HTMLDivElement>()

/** Says that the second bundle loads slowly, or did not load. */
export function LateNote({ control }: { control: LateDialogs }) {
  const said = control.note.value
  // A popover stands above the list of people, which is one, too.
  useLayoutEffect(() => void note.current?.togglePopover(said !== undefined), [said])
  return (
    <div class="late-note" id="late-note" ref={note} popover="manual" role="alert">
      {said && <span>{text(said)}</span>}
      {said === 'partFailed' && (
        <>
          <button class="link" type="button" onClick={control.retry}>
            {text('tryNow')}
          </button>
          <button class="quiet" type="button" onClick={control.drop} {...labels('close')}>
            <Icon name="close" />
          </button>
        </>
      )}
    </div>
  )
}
