// Sign-in with a provider: the buttons, the way there, and what the address says after the return.
// An address never has a token. sessionStorage keeps the room that the reader was going to.

import type { ComponentChildren } from 'preact'
import { text } from '../base/language.ts'

/** A provider of the deployment, with the name that people know. */
export type Provider = { id: string; name: string }

const HASH_KEY = 'stompbox.return'
/** In the place of a code: the provider succeeded, and the page has to finish the link. */
const LINK_PENDING = 'link-pending'
/** In the address after a sign-in, so that the page asks who it is. */
const MARK = 'signed-in'
/** The path to which a provider sends the browser back, which `readReturn` reads. */
export const RETURN_TO = `/?${MARK}`

/** The URL where a sign-in with a provider starts. */
const signInAddress = (provider: string) =>
  `/api/auth/oidc/${encodeURIComponent(provider)}?returnTo=${encodeURIComponent(RETURN_TO)}`

/** Call it before the browser goes to a provider. */
export function rememberRoom(): void {
  sessionStorage.setItem(HASH_KEY, location.hash)
}

/**
 * Reads and removes what a sign-in with a provider left in the address: a success, a link to
 * finish, the code of a failure, or nothing. Call it before anything else reads the address.
 */
export function readReturn(): { signedIn: boolean; linking: boolean; code: string | null } {
  const code = new URLSearchParams(location.hash.slice(1)).get('sign-in')
  const marked = new URLSearchParams(location.search).has(MARK)
  const hash = sessionStorage.getItem(HASH_KEY) ?? ''
  sessionStorage.removeItem(HASH_KEY)
  if (marked || code !== null) history.replaceState(null, '', location.pathname + hash)
  const linking = code === LINK_PENDING
  return { signedIn: marked && code === null, linking, code: linking ? null : code }
}

/** A link that starts a sign-in. */
export const SignInLink = ({ provider, label }: { provider: string; label: string }) => (
  <a class="button" href={signInAddress(provider)} onClick={rememberRoom}>
    {label}
  </a>
)

/** Links that start a sign-in with each provider. */
export const SignInLinks = ({ id, providers }: { id: string; providers: readonly Provider[] }) => (
  <Offer id={id} isEmpty={providers.length === 0}>
    {providers.map((provider) => (
      <SignInLink
        key={provider.id}
        provider={provider.id}
        label={text('continueWith', provider.name)}
      />
    ))}
  </Offer>
)

/** Buttons for a reader who is signed in already. */
export const LinkButtons = ({
  id,
  providers,
  onLink,
}: {
  id: string
  providers: readonly Provider[]
  onLink: (provider: string) => void
}) => (
  <Offer id={id} isEmpty={providers.length === 0}>
    {providers.map((provider) => (
      <button key={provider.id} type="button" onClick={() => onLink(provider.id)}>
        {text('continueWith', provider.name)}
      </button>
    ))}
  </Offer>
)

const Offer = ({
  id,
  isEmpty,
  children,
}: {
  id: string
  isEmpty: boolean
  children: ComponentChildren
}) => (
  <div class="providers" id={id} hidden={isEmpty}>
    <p class="or">{text('or')}</p>
    {children}
  </div>
)
