// Where the reader is signed in: a row for each session, with a button to end it.

import { signal } from '@preact/signals'
import { HttpRefusal } from '../../../../client/index.ts'
import type { Session } from '../../../api/api.ts'
import { api } from '../../../api/api.ts'
import type { Identity } from '../../../identity/identity.ts'
import { text } from '../../base/language.ts'
import { Time } from '../../base/time.tsx'

type SessionsControl = ReturnType<typeof createSessions>

/** Loads and ends sessions. `onProblem` gets the refusal of an end. */
export function createSessions({
  identity,
  onProblem,
}: {
  identity: Identity
  onProblem: (error: unknown) => void
}) {
  const sessions = signal<readonly Session[]>([])
  const note = signal<'loading' | 'sessionsFailed' | undefined>(undefined)
  /** The ids of the sessions that are being ended. */
  const ending = signal<ReadonlySet<string>>(new Set())

  const remove = (id: string) => {
    sessions.value = sessions.value.filter((session) => session.id !== id)
  }

  return {
    sessions,
    note,
    ending,

    load: async () => {
      note.value = sessions.value.length > 0 ? undefined : 'loading'
      try {
        sessions.value = thisOneFirst((await identity.authorized(api.sessions)).sessions)
        note.value = undefined
      } catch {
        note.value = 'sessionsFailed'
      }
    },

    end: async (id: string) => {
      ending.value = new Set([...ending.value, id])
      try {
        await identity.authorized((token) => api.endSession(token, id))
        remove(id)
      } catch (error) {
        // If the session has ended meanwhile, that is what the reader wanted.
        if (error instanceof HttpRefusal && error.code === 'session-unknown') remove(id)
        else onProblem(error)
      } finally {
        ending.value = new Set([...ending.value].filter((other) => other !== id))
      }
    },

    clear: () => {
      sessions.value = []
    },
  }
}

const thisOneFirst = (sessions: Session[]) =>
  sessions.toSorted(
    (a, b) =>
      Number(b.current) - Number(a.current) || Date.parse(b.lastUsedAt) - Date.parse(a.lastUsedAt),
  )

/** This session comes first and has no button to end it. */
export const SessionsSection = ({ control }: { control: SessionsControl }) => (
  <section>
    <h3>{text('sessions')}</h3>
    <p class="detail" id="sessions-note" hidden={control.note.value === undefined}>
      {control.note.value && text(control.note.value)}
    </p>
    <ul class="sessions" id="sessions">
      {control.sessions.value.map((session) => (
        <Row
          key={session.id}
          session={session}
          isEnding={control.ending.value.has(session.id)}
          onEnd={control.end}
        />
      ))}
    </ul>
  </section>
)

function Row({
  session: { id, device, signedInAt, lastUsedAt, current },
  isEnding,
  onEnd,
}: {
  session: Session
  isEnding: boolean
  onEnd: (id: string) => void
}) {
  return (
    <li class="session">
      <div class="session-about">
        <span class="session-device" id={`session-${id}`}>
          <bdi>{device}</bdi>
          {current && ' '}
          {current && <span class="tag">{text('thisSession')}</span>}
        </span>
        <p class="detail">
          <span>{text('signedIn')}</span> <Time iso={signedInAt} style="moment" />
        </p>
        <p class="detail">
          <span>{text('lastUsed')}</span> <Time iso={lastUsedAt} style="moment" />
        </p>
      </div>
      {!current && (
        <button
          class="small"
          type="button"
          disabled={isEnding}
          aria-describedby={`session-${id}`}
          onClick={() => onEnd(id)}
        >
          {text('endSession')}
        </button>
      )}
    </li>
  )
}
