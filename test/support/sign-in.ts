// Ways to sign in over HTTP, and what one then holds.

import { ask, type Person } from './people.ts'

/** A person with all tokens of one session. */
export interface SignedIn extends Person {
  readonly refreshToken: string
  readonly sessionId: string
}

export const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0'

/** What a person holds who was given this answer. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come.
export function holds({ status, body }: { status: number; body: any }): SignedIn {
  if (status !== 200 && status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
  const { accessToken, refreshToken, user } = body
  const claims = JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url').toString())
  return { id: user.id, name: user.name, accessToken, refreshToken, sessionId: claims.sid }
}

export const signInGuest = async (url: string, name: string) =>
  holds(await ask(url, 'POST', '/api/auth/guest', { body: { name } }))

export const register = async (url: string, username: string, password: string) =>
  holds(await ask(url, 'POST', '/api/auth/register', { body: { username, password } }))

export const login = async (url: string, username: string, password: string) =>
  holds(await ask(url, 'POST', '/api/auth/login', { body: { username, password } }))

/** Shows a refresh token, an access token, both or none. */
export const refresh = (url: string, refreshToken?: string, token?: string) =>
  ask(url, 'POST', '/api/auth/refresh', {
    token,
    body: refreshToken === undefined ? {} : { refreshToken },
  })

export const me = (url: string, token: string) => ask(url, 'GET', '/api/auth/me', { token })

/** A refusal, as an answer shows it. */
export const refused = (status: number, code: string) => ({ status, body: { status, code } })

/** Days and minutes of so many seconds, for the variables. */
export const days = (seconds: number) => seconds / 86_400
export const minutes = (seconds: number) => seconds / 60
