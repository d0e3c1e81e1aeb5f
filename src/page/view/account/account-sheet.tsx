// The sheet of the reader's account: name, registration, password, sessions, sign-out.

import { signal } from '@preact/signals'
import { HttpRefusal } from '../../../client/index.ts'
import type { WaysIn } from '../../api/api.ts'
import type { Identity } from '../../identity/identity.ts'
import { createDialog, Dialog } from '../base/dialog.tsx'
import { Avatar, Icon, Problem } from '../base/elements.tsx'
import { labels, refusalText, type TextKey, text } from '../base/language.ts'
import type { Reader } from '../reader.ts'
import { createLogins, LoginsSection } from './logins.tsx'
import { createPasswordChange, PasswordChange } from './password-change.tsx'
import { ProofDialog } from './proof.tsx'
import { LinkButtons } from './providers.tsx'
import { createRegistration, Registration } from './registration.tsx'
import { createSessions, SessionsSection } from './sessions.tsx'

export type AccountControl = ReturnType<typeof createAccount>

export function createAccount(identity: Identity, reader: Reader) {
  /** Whether a guest may become an account. */
  const signup = signal(true)
  const news = signal<TextKey | undefined>(undefined)
  const problem = signal<string | undefined>(undefined)
  /** A sign-out is under way. */
  const leaving = signal(false)
  const sessions = createSessions({ identity, onProblem: refuse })
  const logins = createLogins({
    identity,
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
    signup,
    news,
    problem,
    leaving,
    sessions,
    logins,
    registration,
    passwordChange,
    dialog,
    open: () => open(),

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

    /** Whether the reader is a guest who may register. */
    mayRegister: () => reader.value.way === 'guest' && signup.value,

    offer: (ways: WaysIn) => {
      signup.value = ways.signup !== false
      logins.offer(ways)
    },

    /** Finishes a link after the return from a provider. */
    finishLink: () =>
      identity.finishLink().then(
        () => open('linked'),
        (error) => {
          open()
          refuse(error)
        },
      ),

    /** Shows why a provider's account was not linked. */
    complain: (code: string) => {
      open()
      problem.value = code
    },
  }
}

/** The reader's name, at the foot of the lobby. It opens the sheet. */
export function AccountButton({ control }: { control: AccountControl }) {
  const { user, way } = control.reader.value
  return (
    <button
      class="me-button"
      id="open-me"
      type="button"
      aria-haspopup="dialog"
      onClick={control.open}
    >
      <span id="me-avatar">{user && <Avatar {...user} />}</span>
      <span class="me-text">
        <bdi class="name" id="me-name">
          {user?.name}
        </bdi>
        <span class="detail" id="me-kind">
          {user && text(way === 'guest' ? 'guest' : 'account')}
        </span>
      </span>
      <Icon name="more" />
    </button>
  )
}

export function AccountSheet({ control }: { control: AccountControl }) {
  const { dialog, news, problem, logins, leaving } = control
  const { user, way } = control.reader.value
  const isGuest = way === 'guest'
  return (
    <>
      <Dialog id="me-sheet" class="me-sheet" control={dialog}>
        <header class="sheet-head">
          <span id="me-sheet-avatar">{user && <Avatar {...user} />}</span>
          <div class="me-text">
            <h2 id="me-sheet-title">
              <bdi class="name" id="me-sheet-name">
                {user?.name ?? 'Stompbox'}
              </bdi>
            </h2>
            <span class="detail" id="me-sheet-kind">
              {user && text(isGuest ? 'guest' : 'account')}
            </span>
          </div>
          <button class="quiet" type="button" onClick={dialog.close} {...labels('close')}>
            <Icon name="close" />
          </button>
        </header>
        <p class="note" id="me-note" role="status" hidden={news.value === undefined}>
          {news.value && text(news.value)}
        </p>
        <Problem id="me-problem">{problem.value && refusalText(problem.value)}</Problem>
        <section class="keep-name" id="keep-name" hidden={!isGuest || !control.signup.value}>
          <h3>{text('keepName')}</h3>
          <p class="detail">{text('keepNameNote')}</p>
          <button
            class="primary"
            id="open-registration"
            type="button"
            onClick={control.openRegistration}
          >
            {text('createAccount')}
          </button>
          <LinkButtons
            id="link-providers"
            providers={logins.forGuests.value}
            onLink={logins.link}
          />
        </section>
        <SessionsSection control={control.sessions} />
        <LoginsSection control={logins} />
        <div class="me-actions">
          <button
            id="open-password"
            type="button"
            hidden={way !== 'password'}
            onClick={control.openPasswordChange}
          >
            {text('changePassword')}
          </button>
          <button
            id="sign-out-everywhere"
            type="button"
            hidden={isGuest}
            disabled={leaving.value}
            onClick={() => control.leave(control.signOutEverywhere)}
          >
            {text('signOutEverywhere')}
          </button>
          <button
            id="sign-out"
            type="button"
            disabled={leaving.value}
            onClick={() => control.leave(control.signOut)}
          >
            {text('signOut')}
          </button>
        </div>
        <p class="detail" id="guest-farewell" hidden={!isGuest}>
          {text('guestFarewell')}
        </p>
      </Dialog>
      <Registration control={control.registration} />
      <PasswordChange control={control.passwordChange} />
      <ProofDialog control={logins.proof} />
    </>
  )
}
