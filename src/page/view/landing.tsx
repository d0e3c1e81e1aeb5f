// Where an invitation leads: it shows the room and who invites before anybody has to sign in, and
// joins once the reader wants to.

import { signal } from '@preact/signals'
import { HttpRefusal } from '../../client/index.ts'
import { invitationsApi, type ShownInvitation } from '../api/invitations.ts'
import type { Identity } from '../identity/identity.ts'
import { linkOf } from '../room/room-link.ts'
import { CancelButton, createDialog, Dialog } from './base/dialog.tsx'
import { Problem } from './base/elements.tsx'
import { refusalText, text } from './base/language.ts'

export type LandingControl = ReturnType<typeof createLanding>

/** @param onClose the reader does not join, or cannot */
export function createLanding(identity: Identity, onClose: () => void) {
  const shown = signal<ShownInvitation | undefined>(undefined)
  const problem = signal<string | undefined>(undefined)
  const busy = signal(false)
  const dialog = createDialog(onClose)
  let invitation = ''

  /** Asks what an invitation is to. */
  async function look(token: string) {
    if (token !== invitation) shown.value = undefined
    invitation = token
    problem.value = undefined
    try {
      const answer = await invitationsApi.show(token)
      if (token === invitation) shown.value = answer
    } catch (error) {
      if (token === invitation)
        problem.value = error instanceof HttpRefusal ? error.code : 'internal'
    }
  }

  function forget() {
    invitation = ''
    shown.value = undefined
    problem.value = undefined
  }

  async function join() {
    if (busy.value) return
    busy.value = true
    problem.value = undefined
    try {
      const { room } = await identity.authorized((token) => invitationsApi.use(token, invitation))
      location.href = linkOf(room.id)
    } catch (error) {
      problem.value = error instanceof HttpRefusal ? error.code : 'internal'
      dialog.open()
    } finally {
      busy.value = false
    }
  }

  return {
    shown,
    problem,
    busy,
    dialog,

    /** For the welcome page, before the sign-in. */
    look,

    /** The reader is signed in and decides. */
    ask: (token: string) => {
      // They saw what it is to, and then signed in.
      if (token === invitation && shown.value) return void join()
      dialog.open()
      void look(token)
    },

    forget,

    /** Another address. */
    leave: () => {
      forget()
      dialog.close()
    },

    onSubmit: (event: Event) => {
      event.preventDefault()
      void join()
    },
  }
}

/** Who invites, and to what. */
export function InvitedTo({ control: { shown, problem } }: { control: LandingControl }) {
  if (problem.value !== undefined) return <>{refusalText(problem.value)}</>
  const { invitedBy, room } = shown.value ?? {}
  if (!invitedBy || !room) return <>{text('invited')}</>
  return <>{text('invitedTo', [invitedBy.name, room.name])}</>
}

/** The dialog that asks a signed-in reader whether to join. */
export function Landing({ control }: { control: LandingControl }) {
  const { dialog, shown, problem, busy } = control
  const isKnown = shown.value !== undefined
  return (
    <Dialog id="landing" control={dialog}>
      <form
        id="landing-form"
        method="post"
        noValidate
        aria-busy={busy.value}
        onSubmit={control.onSubmit}
      >
        <h2 id="landing-title">{text('invitation')}</h2>
        <p role="status">
          {isKnown &&
            text('invitedTo', [shown.value?.invitedBy.name ?? '', shown.value?.room.name ?? ''])}
        </p>
        <Problem id="landing-problem">{problem.value && refusalText(problem.value)}</Problem>
        <div class="actions">
          <CancelButton control={dialog} />
          <button class="primary" type="submit" disabled={!isKnown || busy.value}>
            {text('join')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
