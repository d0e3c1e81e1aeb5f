// People who use a running Stompbox over HTTP: what every end-to-end test begins with.

export interface Person {
  readonly id: string
  readonly name: string
  readonly accessToken: string
}

let usernames = 0

/** A user name that no other test of the process has. */
export const newUsername = (beginning: string) => `${beginning}.${++usernames}`

/** What a request brings. */
export interface Asked {
  readonly token?: string | undefined
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

let addresses = 0

/** The header of a request from an address of its own: sign-ins are limited per address. */
export const newAddress = () => ({
  'CF-Connecting-IP': `10.1.${(addresses >> 8) & 255}.${addresses++ & 255}`,
})

/** Asks the HTTP API; gives the status and the parsed body. */
export async function ask(
  url: string,
  method: string,
  path: string,
  { token, body, headers = {} }: Asked = {},
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come.
): Promise<{ status: number; headers: Headers; body: any }> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: {
      ...newAddress(),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) }
}

/** The same in somebody's name. */
export const askAs = (
  url: string,
  { accessToken: token }: Person,
  method: string,
  path: string,
  body?: unknown,
) => ask(url, method, path, { token, body })

export async function guest(url: string, name: string): Promise<Person> {
  const { body } = await ask(url, 'POST', '/api/auth/guest', { body: { name } })
  return { id: body.user.id, name: body.user.name, accessToken: body.accessToken }
}

/** Makes a room, by its name or by all that is asked for it, and gives its id. */
export async function newRoom(
  url: string,
  owner: Pick<Person, 'accessToken'>,
  room: string | object = 'a room',
): Promise<string> {
  const body = typeof room === 'string' ? { name: room } : room
  const made = await ask(url, 'POST', '/api/rooms', { token: owner.accessToken, body })
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  return made.body.id
}

/** The URL of a WebSocket, good for one connection within 30 seconds. */
export async function ticketUrl(url: string, person: Person, roomId: string): Promise<string> {
  const path = `/api/rooms/${roomId}/tickets`
  const { body } = await ask(url, 'POST', path, { token: person.accessToken })
  return body.url
}
