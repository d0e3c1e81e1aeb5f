// The welcome page: enter as a guest, sign in, register, or use a provider.

import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { WaysIn } from '../api/api.ts'
import type { Identity } from '../identity/identity.ts'
import { newAccount, REGISTRATION_ABOUT } from './account/account-rules.ts'
import { type Provider, SignInLinks } from './account/providers.tsx'
import { Brand, Languages } from './base/elements.tsx'
import { createForm } from './base/form.ts'
import { refusalText, text } from './base/language.ts'
import { createTabs, Tabs } from './base/tabs.tsx'
import { GuestForm, LoginForm, RegisterForm } from './welcome-forms.tsx'

export type WelcomeControl = ReturnType<typeof createWelcome>

/** The tabs and forms. `offer` removes what the deployment does not allow. */
export function createWelcome(identity: Identity) {
  const tabs = createTabs([
    { id: 'tab-guest', panel: 'way-guest', label: 'guest' },
    { id: 'tab-login', panel: 'way-login', label: 'signIn' },
    { id: 'tab-register', panel: 'way-register', label: 'register' },
  ])
  const providers = signal<readonly Provider[]>([])
  /** `shown` counts how often the page was shown: it takes the focus each time. */
  const state = signal({ shown: 0, invited: false, code: '', isArriving: false })
  const forms = {
    guest: createForm({
      patient: true,
      about: { 'body-invalid': 'name' },
      send: ({ name = '' }) => identity.signInAsGuest(name),
    }),
    login: createForm({
      patient: true,
      about: { 'credentials-invalid': 'password' },
      send: ({ username = '', password = '' }) => identity.signIn(username, password),
    }),
    register: createForm({
      patient: true,
      check: newAccount,
      about: REGISTRATION_ABOUT,
      send: ({ username = '', password = '', name = '' }) =>
        identity.register({ username, password, ...(name === '' ? {} : { name }) }),
    }),
  }

  return {
    tabs,
    providers,
    state,
    forms,

    offer: ({ guests, signup, providers: offered }: WaysIn) => {
      if (!guests) tabs.remove('tab-guest')
      if (signup === false) tabs.remove('tab-register')
      providers.value = offered
    },

    /** @param news `code`: why nobody is signed in */
    show: ({ invited, code = '' }: { invited: boolean; code?: string }) => {
      for (const form of Object.values(forms)) form.reset()
      const { former } = identity
      if (former?.way === 'guest') forms.guest.set('name', former.name)
      if (former?.way === 'password') tabs.select('tab-login')
      state.value = { shown: state.value.shown + 1, invited, code, isArriving: false }
    },

    /** Waits for the answer to who a provider signed in. */
    wait: () => {
      state.value = { ...state.value, code: '', isArriving: true }
    },
  }
}

/** @param invitedTo says to what the reader was invited, if they were */
export function Welcome({
  control,
  invitedTo,
}: {
  control: WelcomeControl
  invitedTo: ComponentChildren
}) {
  const { tabs, forms, providers } = control
  const { shown, invited, code, isArriving } = control.state.value
  const ways = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const field = ways.current?.querySelector('[role="tabpanel"]:not([hidden]) input')
    if (shown > 0 && field instanceof HTMLInputElement) field.focus()
  }, [shown])
  const panel = (id: string) => ({
    role: 'tabpanel' as const,
    id: `way-${id}`,
    'aria-labelledby': `tab-${id}`,
    hidden: tabs.selected.value !== `tab-${id}`,
  })
  return (
    <main class="welcome" id="welcome">
      <Languages />
      <div class="card" id="welcome-card">
        <h1 class="brand">
          <Brand size={44} />
        </h1>
        <p class="tagline">{text('tagline')}</p>
        <p class="invited" id="invited" hidden={!invited}>
          {invitedTo}
        </p>
        <p class="notice" id="welcome-notice" role="alert" hidden={code === ''}>
          {code === '' ? '' : refusalText(code)}
        </p>
        <p class="arriving" id="arriving" role="status" hidden={!isArriving}>
          {isArriving && text('arriving')}
        </p>
        <div id="ways-in" ref={ways} hidden={isArriving}>
          <Tabs id="ways" control={tabs} label="waysIn" />
          <section {...panel('guest')}>
            <GuestForm form={forms.guest} />
          </section>
          <section {...panel('login')}>
            <LoginForm form={forms.login} />
          </section>
          <section {...panel('register')}>
            <RegisterForm form={forms.register} />
          </section>
          <SignInLinks id="providers" providers={providers.value} />
        </div>
      </div>
    </main>
  )
}
