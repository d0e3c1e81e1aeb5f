// The environment as a Config: parsed once, with defaults, and loud about what it cannot read.

import * as v from 'valibot'

const MINUTE = 60
const DAY = 86_400

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

/** An exact origin, or one whose host begins with `*.` for any sub-domain. */
const Origin = v.pipe(v.string(), v.regex(/^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?$/i, 'an origin'))

const Origins = v.pipe(
  v.optional(v.string(), ''),
  v.transform((list) =>
    list
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  ),
  v.array(Origin),
)

/** An idle room is evicted after ten seconds: its rate buckets must be full again by then. */
const IDLE_SECONDS = 10

const Variables = v.pipe(
  v.object({
    ALLOWED_ORIGINS: Origins,
    ISSUER: v.optional(v.pipe(v.string(), v.nonEmpty()), 'stompbox'),
    GUESTS: onOff('on'),
    MAX_FRAME_BYTES: whole(65_536, 1024),
    MAX_HEADERS: whole(64),
    MAX_HEADER_BYTES: whole(8192, 1024),
    MAX_CONTENT_BYTES: whole(8192),
    MAX_SUBSCRIPTIONS: whole(32),
    SEND_PER_SECOND: whole(10),
    SEND_BURST: whole(50),
    FRAMES_PER_SECOND: whole(100),
    FRAMES_BURST: whole(1000),
    QUEUE_MESSAGES: whole(10_000),
    QUEUE_BYTES: whole(16_777_216),
    QUEUE_DELIVERIES: whole(10),
    MAX_TRANSACTIONS: whole(4),
    MAX_TRANSACTION_FRAMES: whole(100),
    MAX_TRANSACTION_BYTES: whole(262_144),
    SOCKETS_PER_PRINCIPAL: whole(10),
    TICKET_SECONDS: v.pipe(whole(30), v.maxValue(30)),
    ACCESS_MINUTES: whole(15),
    SESSION_MAX_DAYS: whole(90, 0),
    PAGE_MAX: v.pipe(whole(200), v.maxValue(1000)),
    HEART_BEAT_MS: whole(45_000, 100),
    CONNECT_SECONDS: whole(10),
    FRAME_SECONDS: whole(10),
  }),
  v.check(
    ({ SEND_BURST, SEND_PER_SECOND }) => SEND_BURST <= IDLE_SECONDS * SEND_PER_SECOND,
    `SEND_BURST may be ${IDLE_SECONDS} times SEND_PER_SECOND at most`,
  ),
  v.check(
    ({ FRAMES_BURST, FRAMES_PER_SECOND }) => FRAMES_BURST <= IDLE_SECONDS * FRAMES_PER_SECOND,
    `FRAMES_BURST may be ${IDLE_SECONDS} times FRAMES_PER_SECOND at most`,
  ),
)

/**
 * Reads the variables of wrangler.toml. Sizes in octets, times in the unit of the name: `…Ms`
 * milliseconds, `…Seconds` seconds.
 *
 * @throws Error that names the variable and what it should be.
 */
export function readConfig(env: object) {
  const result = v.safeParse(Variables, env)
  if (!result.success) {
    const faults = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'env'}: ${issue.message}`)
    throw new Error(`the configuration does not hold: ${faults.join('; ')}`)
  }
  const variables = result.output
  return {
    allowedOrigins: variables.ALLOWED_ORIGINS,
    guests: variables.GUESTS === 'on',
    ticketSeconds: variables.TICKET_SECONDS,
    pageMax: variables.PAGE_MAX,
    connectMs: variables.CONNECT_SECONDS * 1000,
    frameMs: variables.FRAME_SECONDS * 1000,
    access: {
      issuer: variables.ISSUER,
      lifetime: variables.ACCESS_MINUTES * MINUTE,
      sessionLifetime: variables.SESSION_MAX_DAYS * DAY,
    },
    decoder: {
      frame: variables.MAX_FRAME_BYTES,
      frameBeforeConnect: Math.min(variables.MAX_FRAME_BYTES, 16_384),
      headerLine: variables.MAX_HEADER_BYTES,
      headers: variables.MAX_HEADERS,
    },
    room: {
      maxContentBytes: variables.MAX_CONTENT_BYTES,
      maxSubscriptions: variables.MAX_SUBSCRIPTIONS,
      sendPerSecond: variables.SEND_PER_SECOND,
      sendBurst: variables.SEND_BURST,
      framesPerSecond: variables.FRAMES_PER_SECOND,
      framesBurst: variables.FRAMES_BURST,
      queueMessages: variables.QUEUE_MESSAGES,
      queueBytes: variables.QUEUE_BYTES,
      queueDeliveries: variables.QUEUE_DELIVERIES,
      transactions: variables.MAX_TRANSACTIONS,
      transactionFrames: variables.MAX_TRANSACTION_FRAMES,
      transactionBytes: variables.MAX_TRANSACTION_BYTES,
      socketsPerPrincipal: variables.SOCKETS_PER_PRINCIPAL,
      heartBeat: variables.HEART_BEAT_MS,
    },
  }
}

export type Config = ReturnType<typeof readConfig>
