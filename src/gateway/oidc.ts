// /api/auth/oidc: signing in with an OpenID provider, and adding one to what is there already. The
// browser leaves with a flow in a cookie, and only with that cookie is its answer heard.

import { nanoid } from 'nanoid'
import { audit } from '../audit.ts'
import { displayName } from '../auth/display-name.ts'
import { FLOW_LIFETIME, type LinkTarget, type OidcFlow } from '../auth/oidc-flow.ts'
import type { SessionGrant } from '../auth/session.ts'
import { TokenError } from '../auth/token-error.ts'
import { Refusal } from '../refusals.ts'
import { bearerOf, demandPatience, type GatewayContext } from './context.ts'
import { type CookieKind, dropCookie, keepCookie, keptCookie, setRefreshCookie } from './cookie.ts'
import { openingOf } from './grant.ts'
import { granted, refusalOf } from './problem.ts'
import { type Identity, newSecrets } from './providers.ts'
import { ownPath, withCode } from './return-to.ts'

const PATH = '/api/auth/oidc'

/** Lax, because the browser comes back from another site. Planted by somebody else, it would sign in as them. */
const FLOW: CookieKind = { name: 'stompbox-sign-in', sameSite: 'Lax' }

/** GET /api/auth/providers: the ways to sign in. */
export function listProviders(context: GatewayContext): Response {
  const { guests, signup, providers } = context.var.parts.config
  const shown = providers.map(({ id, name }) => ({ id, name }))
  return context.json({ guests, passwords: true, signup, providers: shown })
}

/** GET /api/auth/oidc/:provider: a browser leaves for the provider, and comes to `returnTo` in the end. */
export async function beginSignIn(context: GatewayContext): Promise<Response> {
  const returnTo = returnToOf(context)
  try {
    return context.redirect(await begin(context, returnTo, undefined), 302)
  } catch (error) {
    const refusal = refusalOf(error)
    // A wrong address is no sign-in. The rest is told where the person is looking.
    if (refusal.code === 'provider-unknown') throw refusal
    return turnBack(context, returnTo, refusal)
  }
}

/**
 * POST /api/auth/oidc/:provider, by somebody signed in: `{url}`, where the browser adds the provider to
 * the account; a guest becomes one.
 */
export async function beginLink(context: GatewayContext): Promise<Response> {
  const { claims } = context.var
  if (claims.foreign) throw new Refusal('not-allowed', 'the account is a trusted issuer’s')
  const link = { personId: claims.principal.id, bearer: bearerOf(claims) }
  return context.json({ url: await begin(context, returnToOf(context), link) })
}

/** GET /api/auth/oidc/:provider/callback: the provider's answer. Whatever it is, the browser goes on. */
export async function finishSignIn(context: GatewayContext): Promise<Response> {
  const { providers } = context.var.parts
  const kept = keptCookie(context, FLOW)
  // One flow, one answer.
  dropCookie(context, FLOW)
  let returnTo = '/'
  try {
    const flow = await flowOf(context, kept)
    returnTo = flow.returnTo
    await demandPatience(context)
    const { search, searchParams } = new URL(context.req.url)
    const provider = providerOf(context)
    if (flow.provider !== provider || flow.state !== searchParams.get('state')) {
      throw new Refusal('sign-in-lost')
    }
    const url = new URL(search, redirectUri(context, provider))
    const identity = await providers.identify(provider, url, flow)
    await (flow.link ? link(context, identity, flow.link) : signIn(context, identity))
    return context.redirect(returnTo, 303)
  } catch (error) {
    return turnBack(context, returnTo, refusalOf(error))
  }
}

/** Gives the address to leave for, and the browser the flow to come back with. */
async function begin(
  context: GatewayContext,
  returnTo: string,
  link: LinkTarget | undefined,
): Promise<string> {
  const { providers, tokens } = context.var.parts
  const provider = providerOf(context)
  const flow: OidcFlow = { ...newSecrets(), provider, returnTo, link }
  const redirect = redirectUri(context, provider)
  const { href } = await providers.authorizationUrl(provider, flow, redirect)
  const kept = await tokens.signFlow(flow)
  keepCookie(context, FLOW, kept, FLOW_LIFETIME)
  return href
}

/** The flow that this browser left with. Throws `sign-in-lost`. */
async function flowOf(context: GatewayContext, kept: string | undefined): Promise<OidcFlow> {
  if (kept === undefined) throw new Refusal('sign-in-lost')
  try {
    return await context.var.parts.tokens.flow(kept)
  } catch (error) {
    const isBad = error instanceof TokenError && error.code !== 'unavailable'
    throw isBad ? new Refusal('sign-in-lost') : error
  }
}

/** A session of whom the provider's subject belongs to: of somebody new, the first time. */
async function signIn(context: GatewayContext, identity: Identity): Promise<void> {
  const { backend, config } = context.var.parts
  const newId = nanoid()
  const login = backend.providerLogin(identity.issuer, identity.subject)
  const id = config.signup ? await login.claim(newId) : await login.owner()
  if (id === null) throw new Refusal('signup-closed')
  const opening = openingOf(context, 'account', displayName(...identity.names))
  const grant = granted(await backend.account(id).signIn(opening))
  // That somebody signed in is written down by the account.
  if (id === newId) {
    audit({ event: 'login-linked', user: id, by: wayOf(context) })
    audit({ event: 'registered', user: id })
  }
  keep(context, grant)
}

/** The provider's subject belongs to who asked, from now on. Throws `login-taken` where it is another's. */
async function link(
  context: GatewayContext,
  identity: Identity,
  target: LinkTarget,
): Promise<void> {
  const { backend } = context.var.parts
  const { personId, bearer } = target
  const account = backend.account(personId)
  // Because the session may have been ended since, by its owner: then who asked was a thief.
  granted(await account.check(bearer))
  const login = backend.providerLogin(identity.issuer, identity.subject)
  if ((await login.claim(personId)) !== personId) throw new Refusal('login-taken')
  audit({ event: 'login-linked', user: personId, by: wayOf(context) })
  const { kind } = granted(await account.show())
  if (kind === 'account') return
  keep(context, granted(await account.upgrade(bearer, undefined)))
  audit({ event: 'registered', user: personId })
}

function keep(context: GatewayContext, { refreshToken, refreshExpiresIn }: SessionGrant): void {
  setRefreshCookie(context, refreshToken, refreshExpiresIn)
}

function turnBack(context: GatewayContext, returnTo: string, refusal: Refusal): Response {
  const { code, detail } = refusal
  const reason = detail === undefined ? {} : { reason: detail }
  const entry = { event: 'sign-in-refused', by: wayOf(context), code, ...reason } as const
  context.var.parts.refusals.write(entry)
  return context.redirect(withCode(returnTo, code), 303)
}

/** Throws `query-invalid`. */
function returnToOf(context: GatewayContext): string {
  const path = ownPath(context.req.query('returnTo') ?? '/', context.req.url)
  if (path === undefined) throw new Refusal('query-invalid', 'returnTo: a path of this origin')
  return path
}

/** The provider of the path, where it is one of the configuration. */
function knownProvider(context: GatewayContext): string | undefined {
  const asked = context.req.param('provider')
  return context.var.parts.config.providers.find(({ id }) => id === asked)?.id
}

/** Throws `provider-unknown`. */
function providerOf(context: GatewayContext): string {
  const id = knownProvider(context)
  if (id === undefined) throw new Refusal('provider-unknown')
  return id
}

/** As the provider knows it, to the letter (RFC 9700, section 4.1.3). */
const redirectUri = (context: GatewayContext, provider: string) =>
  new URL(`${PATH}/${provider}/callback`, context.req.url).href

/** The way of signing in, for the audit log: nothing that anybody made up. */
const wayOf = (context: GatewayContext) => `oidc:${knownProvider(context) ?? ''}`
