// /api/auth/oidc: signing in with an OpenID provider, and adding one to what is there already. The
// browser leaves with a flow in a cookie, and only with that cookie is its answer heard.

import { nanoid } from 'nanoid'
import { audit } from '../../audit.ts'
import { displayName } from '../../auth/display-name.ts'
import { FLOW_LIFETIME, type LinkTarget, type OidcFlow } from '../../auth/openid/flow.ts'
import type { ProviderLogin } from '../../auth/openid/pending-link.ts'
import { LINK_LIFETIME, type PendingLink } from '../../auth/openid/pending-link.ts'
import { TokenError } from '../../auth/tokens/token-error.ts'
import { Refusal } from '../../refusals.ts'
import { bearerOf, type GatewayContext, limitRate } from '../context.ts'
import {
  type CookieKind,
  dropCookie,
  keepCookie,
  keptCookie,
  setRefreshCookie,
} from '../http/cookies.ts'
import { optionalBodyOf } from '../http/input.ts'
import { granted, httpRefusalOf } from '../http/problem.ts'
import { ownPath, withCode } from '../http/return-to.ts'
import { newSignInOf } from '../sign-in/grant.ts'
import { demandProof, ProofBody } from '../sign-in/proof.ts'
import { newSecrets } from '../sign-in/providers.ts'
import { demandAccount, PENDING_LINK } from './logins.ts'

const PATH = '/api/auth/oidc'
/** In the place of a code: the page has to finish the link that it began. */
const LINK_PENDING = 'link-pending'

/**
 * Lax, because the browser comes back from another site. The prefix keeps others from planting one,
 * which would sign in as them.
 */
const FLOW: CookieKind = { name: 'stompbox-sign-in', sameSite: 'Lax' }

/** GET /api/auth/providers: the ways to sign in. */
export function listProviders(context: GatewayContext): Response {
  const { guests, signup, providers } = context.var.parts.config
  const shown = providers.map(({ id, name }) => ({ id, name }))
  return context.json({ guests, passwords: true, signup, providers: shown })
}

/**
 * GET /api/auth/oidc/:provider: sends the browser to the provider, and in the end to `returnTo`. A
 * refusal is told there.
 *
 * @throws Refusal `provider-unknown`, `query-invalid`.
 */
export async function beginSignIn(context: GatewayContext): Promise<Response> {
  const returnTo = returnToOf(context)
  try {
    return context.redirect(await begin(context, returnTo, undefined), 302)
  } catch (error) {
    const refusal = httpRefusalOf(error)
    // An unknown provider is a wrong address. Other refusals are told on the page at `returnTo`.
    if (refusal.code === 'provider-unknown') throw refusal
    return turnBack(context, returnTo, refusal)
  }
}

/**
 * POST /api/auth/oidc/:provider, by somebody signed in who proves it: `{url}`, where the browser
 * goes to add the provider to the account; a guest becomes one.
 *
 * @throws Refusal `not-allowed`, `query-invalid`, `provider-unknown`, `provider-unavailable`,
 * `signup-closed`, and as `demandProof` and `optionalBodyOf`.
 */
export async function beginLink(context: GatewayContext): Promise<Response> {
  const { claims, parts } = context.var
  if (claims.federated) throw new Refusal('not-allowed', 'the account is a trusted issuer’s')
  const returnTo = returnToOf(context)
  providerOf(context)
  const { kind } = await demandProof(context, await optionalBodyOf(context, ProofBody))
  if (kind === 'guest' && !parts.config.signup) throw new Refusal('signup-closed')
  const link = { personId: claims.principal.id, bearer: bearerOf(claims) }
  return context.json({ url: await begin(context, returnTo, link) })
}

/**
 * GET /api/auth/oidc/:provider/callback: whatever the provider answers, the browser goes on, and
 * the page at `returnTo` is told of a refusal. Never throws.
 */
export async function finishSignIn(context: GatewayContext): Promise<Response> {
  const { providers } = context.var.parts
  const kept = keptCookie(context, FLOW)
  // One flow, one answer.
  dropCookie(context, FLOW)
  let returnTo = '/'
  try {
    const flow = await flowOf(context, kept)
    returnTo = flow.returnTo
    await limitRate(context)
    const { search, searchParams } = new URL(context.req.url)
    const provider = providerOf(context)
    if (flow.provider !== provider || flow.state !== searchParams.get('state')) {
      throw new Refusal('sign-in-lost')
    }
    const url = new URL(search, redirectUri(context, provider))
    const identity = await providers.redeemCode(provider, url, flow)
    const { issuer, subject } = identity
    const login = { issuer, subject, provider, label: displayName(...identity.names) }
    if (flow.link) await offerLink(context, { id: flow.state, login, target: flow.link })
    else await signIn(context, login)
    return context.redirect(flow.link ? withCode(returnTo, LINK_PENDING) : returnTo, 303)
  } catch (error) {
    return turnBack(context, returnTo, httpRefusalOf(error))
  }
}

/** Returns the address to leave for, and keeps the flow in the browser's cookie. */
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

/**
 * The flow that this browser left with.
 *
 * @throws Refusal `sign-in-lost`.
 */
async function flowOf(context: GatewayContext, kept: string | undefined): Promise<OidcFlow> {
  if (kept === undefined) throw new Refusal('sign-in-lost')
  try {
    return await context.var.parts.tokens.flow(kept)
  } catch (error) {
    const isBad = error instanceof TokenError && error.code !== 'unavailable'
    throw isBad ? new Refusal('sign-in-lost') : error
  }
}

/** A session of the account with the provider's subject. The first time the account is made. */
async function signIn(context: GatewayContext, known: ProviderLogin): Promise<void> {
  const { backend, config } = context.var.parts
  const newId = nanoid()
  const login = backend.providerLogin(known.issuer, known.subject)
  const id = config.signup ? await login.claim(newId) : await login.owner()
  if (id === null) throw new Refusal('signup-closed')
  const newSignIn = newSignInOf(context, 'account', known.label, { login: known })
  const grant = granted(await backend.account(id).signIn(newSignIn))
  // That somebody signed in is written down by the account.
  if (id === newId) {
    audit({ event: 'login-linked', user: id, by: wayOf(context) })
    audit({ event: 'registered', user: id })
  }
  setRefreshCookie(context, grant.refreshToken, grant.refreshExpiresIn)
}

/**
 * Keeps what is to be linked in the browser's cookie. Nothing is linked yet: only the page can show
 * who is signed in, and it must be whoever asked.
 */
async function offerLink(context: GatewayContext, link: PendingLink): Promise<void> {
  const { backend, config, tokens } = context.var.parts
  const { login, target } = link
  const account = backend.account(target.personId)
  // The owner may have ended the session since, because a thief asked for the link.
  granted(await account.check(target.bearer))
  if (!config.signup) await demandAccount(account)
  const owner = await backend.providerLogin(login.issuer, login.subject).owner()
  if (owner !== null && owner !== target.personId) throw new Refusal('login-taken')
  keepCookie(context, PENDING_LINK, await tokens.signPendingLink(link), LINK_LIFETIME)
}

function turnBack(context: GatewayContext, returnTo: string, refusal: Refusal): Response {
  const { code, detail } = refusal
  const reason = detail === undefined ? {} : { reason: detail }
  const entry = { event: 'sign-in-refused', by: wayOf(context), code, ...reason } as const
  context.var.parts.refusals.write(entry)
  return context.redirect(withCode(returnTo, code), 303)
}

/** @throws Refusal `query-invalid`. */
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

/** @throws Refusal `provider-unknown`. */
function providerOf(context: GatewayContext): string {
  const id = knownProvider(context)
  if (id === undefined) throw new Refusal('provider-unknown')
  return id
}

/** Exactly as it is registered with the provider (RFC 9700, section 4.1.3). */
const redirectUri = (context: GatewayContext, provider: string) =>
  new URL(`${PATH}/${provider}/callback`, context.req.url).href

/** The way of signing in, for the audit log. A provider that is not configured is left out. */
const wayOf = (context: GatewayContext) => `oidc:${knownProvider(context) ?? ''}`
