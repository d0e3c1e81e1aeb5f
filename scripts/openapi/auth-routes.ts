// What the routes of /api/auth take and give.

import { GuestBody, RefreshBody, TokenBody } from '../../src/gateway/routes/auth.ts'
import { LoginBody, PasswordBody } from '../../src/gateway/routes/passwords.ts'
import { RegisterBody } from '../../src/gateway/routes/registration.ts'
import { Keeping } from '../../src/gateway/sign-in/grant.ts'
import { ProofBody } from '../../src/gateway/sign-in/proof.ts'
import { nothing, type RouteDescriptions } from './route-description.ts'

export const AUTH_ROUTES: RouteDescriptions = {
  'POST /api/auth/guest': {
    summary: 'Signs a new guest in.',
    by: 'any',
    body: GuestBody,
    gives: { 201: 'Grant' },
  },
  'POST /api/auth/register': {
    summary: 'Makes an account. A guest who shows both tokens of the sign-in becomes the account.',
    by: 'any',
    body: RegisterBody,
    gives: { 201: 'Grant' },
  },
  'POST /api/auth/login': {
    summary: 'Signs in with a user name and a password.',
    by: 'any',
    body: LoginBody,
    gives: { 200: 'Grant' },
  },
  'POST /api/auth/refresh': {
    summary: 'Renews a sign-in by its refresh token, or by its access token.',
    by: 'any',
    body: RefreshBody,
    bodyOptional: true,
    gives: { 200: 'Grant' },
  },
  'POST /api/auth/logout': {
    summary: 'Ends a sign-in with its tokens, tickets and sockets.',
    by: 'any',
    body: TokenBody,
    bodyOptional: true,
    gives: { 204: nothing('The sign-in has ended.') },
  },
  'POST /api/auth/password': {
    summary: 'Changes the password. The other sign-ins end.',
    by: 'user',
    body: PasswordBody,
    gives: { 204: nothing('The password is changed.') },
  },
  'GET /api/auth/me': { summary: 'Who is asking.', by: 'user', gives: { 200: 'Me' } },
  'GET /api/auth/sessions': {
    summary: 'Where the person is signed in.',
    by: 'user',
    gives: { 200: 'Sessions' },
  },
  'DELETE /api/auth/sessions': {
    summary: 'Ends all sign-ins of the person.',
    by: 'user',
    gives: { 204: nothing('All have ended.') },
  },
  'DELETE /api/auth/sessions/:id': {
    summary: 'Ends one sign-in of the person.',
    by: 'user',
    gives: { 204: nothing('It has ended.') },
  },
  'GET /api/auth/logins': {
    summary: 'The ways in to the account.',
    by: 'user',
    gives: { 200: 'Logins' },
  },
  'POST /api/auth/logins': {
    summary: 'Finishes a link to a provider. The cookie of the callback is needed.',
    by: 'user',
    body: Keeping,
    bodyOptional: true,
    gives: { 201: 'Grant', 204: nothing('The link is finished.') },
  },
  'DELETE /api/auth/logins/:id': {
    summary: 'Removes a provider as a way in. The other sign-ins end.',
    by: 'user',
    body: ProofBody,
    bodyOptional: true,
    gives: { 204: nothing('It is removed.') },
  },
  'GET /api/auth/providers': {
    summary: 'The ways to sign in here.',
    by: 'any',
    gives: { 200: 'Providers' },
  },
  'GET /api/auth/oidc/:provider': {
    summary: 'Sends a browser to the sign-in of a provider, and then to the path `returnTo`.',
    by: 'any',
    gives: { 302: nothing('To the provider.') },
  },
  'POST /api/auth/oidc/:provider': {
    summary: 'Begins to link a provider. The browser goes to `url`.',
    by: 'user',
    body: ProofBody,
    bodyOptional: true,
    gives: { 200: 'Redirection' },
  },
  'GET /api/auth/oidc/:provider/callback': {
    summary: 'The answer of a provider. Browsers alone come here.',
    by: 'any',
    gives: { 302: nothing('Back to the page.') },
  },
}
