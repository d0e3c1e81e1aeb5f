// The setting of a room's hook: the address that an application is asked at, before a message is
// published.

import { parse } from 'tldts'
import * as v from 'valibot'

const MAX_URL = 2000

/** The same machine, where a developer runs both servers. */
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The setting `hook` as a request and the storage have it (docs/protocol.md, The hook). */
export const HookSetting = v.strictObject({
  /** https to a host of the public DNS. */
  url: v.pipe(
    v.string(),
    v.maxLength(MAX_URL, `${MAX_URL} characters at most`),
    v.check(isHookUrl, 'https to a host with a public name is wanted, without a user'),
  ),
  /** Messages are published also where the application gives no answer. */
  failOpen: v.optional(v.boolean(), false),
})

/** The setting with `failOpen` filled in. */
export type HookSetting = v.InferOutput<typeof HookSetting>

/** Whether an address is on this very machine. */
export const isLoopback = (url: string): boolean => LOOPBACK.has(URL.parse(url)?.hostname ?? '')

/**
 * Whether an address may be asked. An owner must not make the server ask its own network: no
 * numbers of hosts, and no names that only that network knows.
 */
function isHookUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url?.username !== '' || url.password !== '') return false
  if (LOOPBACK.has(url.hostname)) return url.protocol === 'https:' || url.protocol === 'http:'
  return url.protocol === 'https:' && isPublicName(url.hostname)
}

/**
 * Whether a name is registered below a public suffix. A suffix alone, such as `app`, may be a host
 * of the own network. `.arpa` has names of private networks (RFC 8375).
 */
function isPublicName(host: string): boolean {
  const { isIcann, domain } = parse(host)
  return isIcann === true && domain !== null && !/\.arpa\.?$/.test(host)
}
