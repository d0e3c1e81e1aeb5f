// The variables of wrangler.toml: what each may hold, and its default.

import { getDomain } from 'tldts'
import * as v from 'valibot'

/** A whole number in a variable, at least `least`. */
const whole = (fallback: number, least = 1) =>
  v.optional(
    v.pipe(
      v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))]),
      v.safeInteger(),
      v.minValue(least),
    ),
    fallback,
  )

const onOff = (fallback: 'on' | 'off') => v.optional(v.picklist(['on', 'off']), fallback)
const differ = (texts: readonly string[]) => new Set(texts).size === texts.length

/**
 * An exact origin of any scheme with a host (such as `capacitor://localhost`), `file://`, `null` by
 * name, or one whose host begins with `*.` for any sub-domain.
 */
const Origin = v.pipe(
  v.string(),
  v.regex(/^(null|file:\/\/|[a-z][a-z0-9+.-]*:\/\/(\*\.)?[a-z0-9._-]+(:\d+)?)$/i, 'an origin'),
  v.check(
    (origin) => !isPatternForAnybody(origin),
    'a pattern for a domain that belongs to one owner: under a public suffix anybody may have one',
  ),
)

/** Whether anybody may register a host that matches, as of `https://*.com` (publicsuffix.org). */
function isPatternForAnybody(origin: string): boolean {
  const [, host] = /\/\/\*\.([^:]+)/.exec(origin) ?? []
  if (host === undefined || host === 'localhost') return false
  return getDomain(host, { allowPrivateDomains: true }) === null
}

/** A length of time, in the unit of its variable; fractions are allowed. */
const duration = (fallback: number, least: number) =>
  v.optional(
    v.pipe(
      v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/), v.transform(Number))]),
      v.finite(),
      v.minValue(least),
    ),
    fallback,
  )

/** A list with commas between. */
const list = v.pipe(
  v.optional(v.string(), ''),
  v.transform((entries) =>
    entries
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  ),
)

/** A variable that holds a list as JSON. */
const json = <Entry extends v.GenericSchema>(entry: Entry) =>
  v.pipe(
    v.optional(v.string(), '[]'),
    v.parseJson(undefined, 'JSON is wanted'),
    v.array(entry, 'a list is wanted'),
  )

const Name = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/, 'a-z, 0-9 and -, 32 at most'))

/** https, or http on this very machine. */
const SecureUrl = v.pipe(
  v.string(),
  v.url(),
  v.check((text) => {
    if (!URL.canParse(text)) return false
    const { protocol, hostname, username, password } = new URL(text)
    const here = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
    return (protocol === 'https:' || (protocol === 'http:' && here)) && !username && !password
  }, 'https is wanted'),
)

const Origins = v.pipe(list, v.array(Origin))

const TrustedIssuer = v.pipe(
  v.strictObject({
    name: Name,
    issuer: v.pipe(v.string(), v.nonEmpty()),
    audience: v.pipe(v.string(), v.nonEmpty()),
    jwks: v.optional(SecureUrl),
    /** The name of the variable that holds the secret. */
    secret: v.optional(v.string()),
    roles: v.optional(v.pipe(v.string(), v.nonEmpty())),
    displayName: v.optional(v.pipe(v.string(), v.nonEmpty()), 'name'),
    typ: v.optional(v.pipe(v.string(), v.nonEmpty())),
    /** Seconds that the issuer's clock may be ahead. */
    leeway: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(300)), 60),
    /** Hours that a token may live. */
    maxHours: v.optional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(8760)), 24),
  }),
  v.check(({ jwks, secret }) => (jwks === undefined) !== (secret === undefined), 'jwks or secret'),
)

const Provider = v.strictObject({
  id: Name,
  name: v.pipe(v.string(), v.nonEmpty()),
  issuer: SecureUrl,
  clientId: v.pipe(v.string(), v.nonEmpty()),
  /** The name of the variable that holds the secret; none: a public client. */
  clientSecret: v.optional(v.string()),
  scope: v.optional(v.string(), 'openid profile'),
})

/** An idle room is evicted after ten seconds: its rate buckets must be full again by then. */
const IDLE_SECONDS = 10

/** WebSockets that the platform lets one object have. */
const PLATFORM_SOCKETS = 32_768

/** Every variable. Those with a unit in the name are in that unit. */
export const Variables = v.pipe(
  v.object({
    ALLOWED_ORIGINS: Origins,
    ISSUER: v.optional(v.pipe(v.string(), v.nonEmpty()), 'stompbox'),
    GUESTS: onOff('on'),
    SIGNUP: onOff('on'),
    MAX_FRAME_BYTES: whole(65_536, 1024),
    MAX_HEADERS: whole(64),
    MAX_HEADER_BYTES: whole(16_384, 1024),
    MAX_CONTENT_BYTES: whole(8192),
    MAX_SUBSCRIPTIONS: whole(32),
    ROOM_BYTES: v.pipe(whole(5_368_709_120), v.maxValue(9_000_000_000, 'an object has 10 GB')),
    MAX_MEMBERS: whole(10_000),
    SEND_PER_SECOND: whole(10),
    SEND_BURST: whole(50),
    FRAMES_PER_SECOND: whole(100),
    FRAMES_BURST: whole(1000),
    QUEUE_MESSAGES: whole(10_000),
    QUEUE_BYTES: whole(16_777_216),
    QUEUE_MESSAGES_PER_SENDER: whole(1000),
    QUEUE_BYTES_PER_SENDER: whole(4_194_304),
    MAX_QUEUES: whole(100),
    QUEUE_CONSUMERS: v.optional(v.picklist(['writer', 'moderator', 'owner']), 'moderator'),
    QUEUE_DELIVERIES: whole(10),
    MAX_TRANSACTIONS: whole(4),
    MAX_TRANSACTION_FRAMES: whole(100),
    MAX_TRANSACTION_BYTES: whole(262_144),
    SOCKETS_PER_PRINCIPAL: whole(10),
    MAX_SOCKETS: v.pipe(whole(10_000), v.maxValue(PLATFORM_SOCKETS)),
    REQUESTS_PER_MINUTE: whole(1200, 120),
    ROOMS_PER_PERSON: whole(100),
    ROOMS_PER_GUEST: whole(10, 0),
    UNKNOWN_ROOM_MS: whole(250, 0),
    TICKET_SECONDS: v.pipe(whole(30), v.maxValue(30)),
    ACCESS_MINUTES: duration(15, 0.01),
    REFRESH_DAYS: duration(14, 0.00001),
    SESSION_MAX_DAYS: duration(90, 0),
    KEY_DAYS: duration(30, 0.00001),
    ADMINS: list,
    TRUSTED_ISSUERS: json(TrustedIssuer),
    OIDC_PROVIDERS: json(Provider),
    PAGE_MAX: v.pipe(whole(200), v.maxValue(1000)),
    HEART_BEAT_MS: whole(45_000, 100),
    PRESENCE_SWEEP: onOff('on'),
    SERVER_BEATS: onOff('off'),
    LOOPBACK_HOOKS: onOff('off'),
    CONNECT_SECONDS: whole(10),
    FRAME_SECONDS: whole(10),
    STALL_SECONDS: whole(30),
  }),
  v.check(
    ({ SEND_BURST, SEND_PER_SECOND }) => SEND_BURST <= IDLE_SECONDS * SEND_PER_SECOND,
    `SEND_BURST may be ${IDLE_SECONDS} times SEND_PER_SECOND at most`,
  ),
  v.check(
    ({ FRAMES_BURST, FRAMES_PER_SECOND }) => FRAMES_BURST <= IDLE_SECONDS * FRAMES_PER_SECOND,
    `FRAMES_BURST may be ${IDLE_SECONDS} times FRAMES_PER_SECOND at most`,
  ),
  v.check(
    ({ ISSUER, TRUSTED_ISSUERS: all }) =>
      differ(all.map(({ name }) => name)) && differ([ISSUER, ...all.map(({ issuer }) => issuer)]),
    'TRUSTED_ISSUERS: no name and no issuer twice',
  ),
)
