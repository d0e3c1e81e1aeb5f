// The sheet of the reader's account: name, registration, password, sessions, sign-out.

import { LinkButtons } from '../../account/providers.tsx'
import { Dialog } from '../../base/dialog.tsx'
import { Avatar, Icon, Problem } from '../../base/elements.tsx'
import { labels, refusalText, text } from '../../base/language.ts'
import type { AccountControl } from './account-control.ts'
import { LoginsSection } from './logins.tsx'
import { PasswordChange } from './password-change.tsx'
import { ProofDialog } from './proof.tsx'
import { Registration } from './registration.tsx'
import { SessionsSection } from './sessions.tsx'

/** The sheet, and the dialogs that open from it. */
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
        <section class="keep-name" id="keep-name" hidden={!isGuest || !control.isSignupOpen()}>
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
