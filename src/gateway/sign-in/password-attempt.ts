// An attempt at a password: where it comes from, what it counts against, and what is written down
// of it. Failures are counted for each user name and address, and for a device that has signed in
// before apart (OWASP Authentication Cheat Sheet, "Account Lockout", and "Slow Down Online Guessing
// Attacks with Device Cookies").

import type { RefusedLine } from '../../audit.ts'
import type { AttemptSource, LoginCalls, Verified } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import type { GatewayContext } from '../context.ts'
import { clientAddress } from '../http/address.ts'
import { type CookieKind, keepCookie, keptCookie, MAX_COOKIE_AGE } from '../http/cookies.ts'
import { granted } from '../http/problem.ts'

const DEVICE: CookieKind = { name: 'stompbox-device', sameSite: 'Strict' }
/** User names that one browser signs in to in turn. */
const MAX_DEVICES = 3
const BETWEEN = '~'

/** Where an attempt comes from. `keeps`: the browser gets a device cookie if it succeeds. */
export function sourceOf(context: GatewayContext, keeps: boolean): AttemptSource {
  const cookie = keptCookie(context, DEVICE) ?? ''
  const devices = cookie.split(BETWEEN).filter(Boolean).slice(0, MAX_DEVICES)
  return { address: clientAddress(context), devices, keeps: keeps || devices.length > 0 }
}

/** Keeps what the browser is known by to the user name that it has just signed in to. */
export function keepDevice(
  context: GatewayContext,
  { devices }: AttemptSource,
  device: string | undefined,
): void {
  if (device === undefined) return
  const all = [device, ...devices.filter((other) => other !== device)].slice(0, MAX_DEVICES)
  keepCookie(context, DEVICE, all.join(BETWEEN), MAX_COOKIE_AGE)
}

/**
 * Whose password it is. The attempt counts against the address, too, until it has succeeded; but
 * that of a device which the user name knows counts against that device alone.
 *
 * @throws Refusal `sign-in-delayed`, `credentials-invalid`.
 */
export async function proven(
  context: GatewayContext,
  login: LoginCalls,
  source: AttemptSource,
  attempt: () => Promise<Verified>,
): Promise<string> {
  const trusted = source.devices.length > 0 && (await login.trusts(source.devices))
  const throttle = context.var.parts.backend.throttle(source.address)
  if (!trusted) granted(await throttle.attempt())
  const answer = await attempt()
  const personId = granted(answer)
  if (!trusted) await throttle.succeeded()
  if ('device' in answer) keepDevice(context, source, answer.device)
  return personId
}

/** Runs a sign-in. If it is refused, that is written down and thrown on. */
export async function audited<Value>(
  context: GatewayContext,
  by: Extract<RefusedLine, { event: 'sign-in-refused' }>['by'],
  signIn: () => Promise<Value>,
): Promise<Value> {
  try {
    return await signIn()
  } catch (error) {
    if (error instanceof Refusal) {
      context.var.parts.refusals.write({ event: 'sign-in-refused', by, code: error.code })
    }
    throw error
  }
}
