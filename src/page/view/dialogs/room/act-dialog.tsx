// Asks before something is done to a person or to one's own membership: what it means, and why.

import { signal } from '@preact/signals'
import { HttpRefusal } from '../../../../client/index.ts'
import type { Identity } from '../../../identity/identity.ts'
import { CancelButton, createDialog, Dialog } from '../../base/dialog.tsx'
import { Problem } from '../../base/elements.tsx'
import { refusalText, type TextKey, text } from '../../base/language.ts'
import { Durations, Select } from '../selection.tsx'
import { said } from './room-creation.tsx'

const MAX_REASON = 200
/** Seconds: how far back messages go with a ban. The server takes 7 days. */
const SINCE = [0, 3600, 86_400, 7 * 86_400]
/** Seconds: the clocks of the reader and the server may differ. */
const LEEWAY = 60
/** How many messages are deleted. The server takes 500. */
const LASTS = [1, 10, 50, 100, 500]
const USUAL_LAST = 10

/** What is asked for besides a yes, where something was given. Times in ISO 8601. */
interface ActValues {
  readonly reason?: string
  readonly until?: string
  readonly deleteSince?: string
  readonly last?: number
}

/** Something that is to be confirmed. `name`: of the person or the room it is about. */
export interface Act {
  readonly title: TextKey
  readonly name: string
  readonly note: TextKey
  readonly label: TextKey
  /** Whether the person is told a reason. */
  readonly reason?: boolean
  /** Whether it ends by itself: it may, or it always does. */
  readonly ends?: 'maybe' | 'surely'
  /** Which messages go: those since a moment, if any, or the last ones. */
  readonly clears?: 'since' | 'last'
  readonly run: (token: string, values: ActValues) => Promise<unknown>
  readonly onDone: () => void
}

export type ActDialogControl = ReturnType<typeof createActDialog>

/** One dialog for all acts: `ask` opens it, and the act runs when the reader agrees. */
export function createActDialog(identity: Identity) {
  const act = signal<Act | undefined>(undefined)
  const problem = signal<string | undefined>(undefined)
  const busy = signal(false)
  /** Counts the visits of the dialog: each begins with an empty form. */
  const visit = signal(0)
  const dialog = createDialog()

  return {
    act,
    problem,
    busy,
    visit,
    dialog,

    ask: (next: Act) => {
      act.value = next
      visit.value += 1
      problem.value = undefined
      dialog.open()
    },

    onSubmit: async (event: Event) => {
      event.preventDefault()
      const asked = act.value
      if (!asked || busy.value || !(event.currentTarget instanceof HTMLFormElement)) return
      const values = valuesOf(new FormData(event.currentTarget))
      busy.value = true
      problem.value = undefined
      try {
        await identity.authorized((token) => asked.run(token, values))
        dialog.close()
        asked.onDone()
      } catch (error) {
        problem.value = error instanceof HttpRefusal ? error.code : 'internal'
      } finally {
        busy.value = false
      }
    },
  }
}

/** A moment so far from now. */
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

function valuesOf(given: FormData): ActValues {
  const reason = said(given, 'reason')
  const numberOf = (field: string) => Number(given.get(field))
  const [until, since, last] = [numberOf('until'), numberOf('since'), numberOf('last')]
  return {
    ...(reason !== '' && { reason }),
    ...(until > 0 && { until: inSeconds(until) }),
    ...(since > 0 && { deleteSince: inSeconds(LEEWAY - since) }),
    ...(last > 0 && { last }),
  }
}

/** Asks for a reason and an end if the act has them. */
export function ActDialog({ control }: { control: ActDialogControl }) {
  const { act, problem, dialog, busy } = control
  const asked = act.value
  return (
    <Dialog id="act" control={dialog}>
      {asked && (
        <form
          id="act-form"
          key={control.visit.value}
          method="post"
          noValidate
          aria-busy={busy.value}
          onSubmit={control.onSubmit}
        >
          <h2 id="act-title">{text(asked.title, asked.name)}</h2>
          <p>{text(asked.note)}</p>
          {asked.ends && (
            <Select name="until" label="howLong">
              {asked.ends === 'maybe' && <option value="0">{text('untilLifted')}</option>}
              <Durations />
            </Select>
          )}
          {asked.clears === 'since' && (
            <Select name="since" label="alsoDelete">
              <Durations of={SINCE} none="noMessages" />
            </Select>
          )}
          {asked.clears === 'last' && (
            <Select name="last" label="howMany">
              {LASTS.map((count) => (
                <option key={count} value={count} selected={count === USUAL_LAST}>
                  {text('lastMessages', count)}
                </option>
              ))}
            </Select>
          )}
          {asked.reason && (
            <>
              <label for="act-reason">{text('reasonOptional')}</label>
              <input
                id="act-reason"
                name="reason"
                type="text"
                autocomplete="off"
                maxlength={MAX_REASON}
              />
            </>
          )}
          <Problem id="act-problem">{problem.value && refusalText(problem.value)}</Problem>
          <div class="actions">
            <CancelButton control={dialog} />
            <button class="danger" type="submit">
              {text(asked.label)}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  )
}
