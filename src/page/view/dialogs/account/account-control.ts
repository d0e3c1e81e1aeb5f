// What the reader's account offers: the sheet with its sections, registration, password, sign-out.

import { type ReadonlySignal, signal } from '@preact/signals'
import { HttpRefusal } from '../../../../client/index.ts'
import type { WaysIn } from '../../../api/api.ts'
import type { Identity } from '../../../identity/identity.ts'
import { createDialog } from '../../base/dialog.tsx'
import type { TextKey } from '../../base/language.ts'
import type { Reader } from '../../reader.ts'
import { createLogins } from './logins.tsx'
import { createPasswordChange } from './password-change.tsx'
import { createRegistration } from './registration.tsx'
import { createSessions } from './sessions.tsx'

export type AccountControl = ReturnType<typeof createAccount>

/**
 * The sheet of the account: `open` loads its sections each time.
 *
 * @param ways unknown until the server has told them
 */
export function createAccount(
  identity: Identity,
  reader: Reader,
  ways: ReadonlySignal<WaysIn | undefined>,
) {
  const news = signal<TextKey | undefined>(undefined)
  const problem = signal<string | undefined>(undefined)
  /** A sign-out is under way. */
  const leaving = signal(false)
  const sessions = createSessions({ identity, onProblem: refuse })
  const logins = createLogins({
    ...{ identity, ways },
    onRemoved: () => open('loginRemoved'),
    onProblem: refuse,
  })
  const registration = createRegistration(identity, () => open('registered'))
  const passwordChange = createPasswordChange(identity, () => open('passwordChanged'))
  const dialog = createDialog(sessions.clear)

  function refuse(error: unknown) {
    problem.value = error instanceof HttpRefusal ? error.code : 'internal'
  }

  function open(next?: TextKey) {
    news.value = next
    problem.value = undefined
    dialog.open()
    void sessions.load()
    void logins.load()
  }

  return {
    reader,
    news,
    problem,
    leaving,
    sessions,
    logins,
    registration,
    passwordChange,
    dialog,
    open: () => open(),
    onLinked: () => open('linked'),

    /** Whether a guest may become an account. */
    isSignupOpen: () => ways.value?.signup !== false,

    openRegistration: () => {
      dialog.close()
      registration.dialog.open()
    },

    openPasswordChange: () => {
      dialog.close()
      passwordChange.dialog.open()
    },

    leave: async (act: () => Promise<void>) => {
      problem.value = undefined
      leaving.value = true
      await act().catch(refuse)
      leaving.value = false
    },
    signOut: identity.signOut,
    signOutEverywhere: identity.signOutEverywhere,

    /** Shows why a provider's account was not linked. */
    complain: (code: string) => {
      open()
      problem.value = code
    },
  }
}
