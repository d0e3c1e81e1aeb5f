// The ways to sign in to the reader's account: when each was linked, and a button to remove it.

import { computed, type ReadonlySignal, signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import type { Logins, Proof, WaysIn } from '../../../api/api.ts'
import { api } from '../../../api/api.ts'
import type { Identity } from '../../../identity/identity.ts'
import { LinkButtons, type Provider, RETURN_TO, rememberRoom } from '../../account/providers.tsx'
import { text } from '../../base/language.ts'
import { Time } from '../../base/time.tsx'
import type { ProvenAction } from './proof.tsx'
import { createProof } from './proof.tsx'

/**
 * How long a way to sign in is marked as new, in milliseconds, so that the owner notices a foreign
 * one.
 */
const NEW_FOR = 7 * 86_400_000

type LoginsControl = ReturnType<typeof createLogins>

/** Loads, adds and removes ways to sign in. `onProblem` gets every refusal. */
export function createLogins({
  identity,
  ways,
  onRemoved,
  onProblem,
}: {
  identity: Identity
  ways: ReadonlySignal<WaysIn | undefined>
  onRemoved: () => void
  onProblem: (error: unknown) => void
}) {
  const proof = createProof()
  const logins = signal<Logins>({ password: null, providers: [] })
  const hidden = signal(true)
  /** What an account, and what a guest, may link. */
  const providers = computed<readonly Provider[]>(() => ways.value?.providers ?? [])
  const forGuests = computed(() => (ways.value?.signup === false ? [] : providers.value))
  /** Until the list has loaded. */
  let loaded = Promise.resolve()

  async function fetchAll() {
    hidden.value = identity.way === 'guest'
    if (hidden.value) return
    try {
      logins.value = await identity.authorized(api.logins)
    } catch (error) {
      onProblem(error)
    }
  }

  const prove = (act: ProvenAction) =>
    proof.prove(() => loaded.then(() => logins.value), act).catch(onProblem)

  return {
    proof,
    logins,
    hidden,
    providers,
    forGuests,

    load: () => {
      loaded = fetchAll()
      return loaded
    },

    remove: (id: string) =>
      prove(async (given: Proof) => {
        await identity.authorized((token) => api.unlink(token, id, given))
        onRemoved()
      }),

    /** Starts to link a provider. The browser leaves the page. */
    link: (provider: string) =>
      prove(async (given) => {
        const { url } = await identity.authorized((token) =>
          api.linkProvider(token, provider, RETURN_TO, given),
        )
        rememberRoom()
        location.assign(url)
      }),
  }
}

/** Hidden for guests. The last way to sign in has no button to remove it. */
export function LoginsSection({ control }: { control: LoginsControl }) {
  const { password, providers } = control.logins.value
  const isLast = !password && providers.length === 1
  return (
    <section id="logins-section" hidden={control.hidden.value}>
      <h3>{text('logins')}</h3>
      <ul class="sessions" id="logins">
        {password && (
          <Login
            title={<span>{text('byPassword')}</span>}
            account={password.username}
            linkedAt={password.linkedAt}
          />
        )}
        {providers.map(({ id, name, account, linkedAt }) => (
          <Login key={id} title={<bdi>{name}</bdi>} account={account} linkedAt={linkedAt}>
            {!isLast && (
              <button class="small" type="button" onClick={() => control.remove(id)}>
                {text('removeLogin')}
              </button>
            )}
          </Login>
        ))}
      </ul>
      <LinkButtons id="add-providers" providers={control.providers.value} onLink={control.link} />
    </section>
  )
}

function Login({
  title,
  account,
  linkedAt,
  children,
}: {
  title: ComponentChildren
  account: string
  linkedAt: string | null
  children?: ComponentChildren
}) {
  const isNew = linkedAt !== null && Date.now() - Date.parse(linkedAt) < NEW_FOR
  return (
    <li class="login">
      <div class="session-about">
        <span class="session-device">
          {title} · <bdi>{account}</bdi>
          {isNew && ' '}
          {isNew && <span class="tag">{text('newLogin')}</span>}
        </span>
        {linkedAt && (
          <p class="detail">
            <span>{text('linkedOn')}</span> <Time iso={linkedAt} style="moment" />
          </p>
        )}
      </div>
      {children}
    </li>
  )
}
