// The address of a client, in the one spelling that limits count.

import type { Context } from 'hono'

/** Groups of an IPv6 address that tell customers apart: a /64 is one customer. */
const NETWORK = 4
const GROUPS = 8

/** Where a request comes from, as Cloudflare tells it. */
export function clientAddress(context: Context): string {
  return countedAddress(context.req.header('CF-Connecting-IP') ?? 'unknown')
}

/** An IPv4 address as it is, an IPv6 address as its /64, an IPv4 address inside IPv6 as IPv4. */
export function countedAddress(address: string): string {
  if (!address.includes(':')) return address
  // The URL parser knows every spelling of an address, and writes one (RFC 5952).
  const host = URL.parse(`http://[${address}]/`)?.hostname
  if (host === undefined) return address
  const groups = groupsOf(host.slice(1, -1))
  return mapped(groups) ?? `${groups.slice(0, NETWORK).join(':')}::/64`
}

/** The eight groups of an address, with those that `::` leaves out. */
function groupsOf(address: string): string[] {
  const [head = [], tail = []] = address
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':')))
  if (!address.includes('::')) return head
  const zeros = Array<string>(GROUPS - head.length - tail.length).fill('0')
  return [...head, ...zeros, ...tail]
}

/** The IPv4 address of `::ffff:…` (RFC 4291, section 2.5.5.2). */
function mapped(groups: readonly string[]): string | undefined {
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return undefined
  const octets = groups.slice(6).flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
  return octets.join('.')
}
