// The environment as a Config: parsed once, with defaults. An invalid variable throws.

import * as v from 'valibot'
import { Variables } from './variables.ts'

const MINUTE = 60
const DAY = 86_400

/**
 * Every object that wakes gets the same environment, and parsing it takes a tenth of the wake-up.
 */
const read = new WeakMap<object, Config>()

/**
 * Reads the variables of wrangler.toml. Sizes in bytes, times in the unit of the name: `…Ms`
 * milliseconds, `…Seconds` and `…Lifetime` seconds.
 *
 * @throws Error that names the variable and what it should be.
 */
export function readConfig(env: object): Config {
  const config = read.get(env) ?? parse(env)
  read.set(env, config)
  return config
}

/** The variables as the code uses them, with defaults filled in. `readConfig` states the units. */
export type Config = ReturnType<typeof parse>

function parse(env: object) {
  const result = v.safeParse(Variables, env)
  if (!result.success) {
    const faults = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'env'}: ${issue.message}`)
    throw new Error(`Invalid configuration: ${faults.join('; ')}`)
  }
  const variables = result.output
  const accessSeconds = seconds(variables.ACCESS_MINUTES * MINUTE)
  return {
    allowedOrigins: variables.ALLOWED_ORIGINS,
    guests: variables.GUESTS === 'on',
    signup: variables.SIGNUP === 'on',
    unknownRoomMs: variables.UNKNOWN_ROOM_MS,
    ticketSeconds: variables.TICKET_SECONDS,
    pageMax: variables.PAGE_MAX,
    requestsPerMinute: variables.REQUESTS_PER_MINUTE,
    rooms: { perPerson: variables.ROOMS_PER_PERSON, perGuest: variables.ROOMS_PER_GUEST },
    connectMs: variables.CONNECT_SECONDS * 1000,
    frameMs: variables.FRAME_SECONDS * 1000,
    access: { issuer: variables.ISSUER, lifetime: accessSeconds },
    sessions: {
      accessLifetime: accessSeconds,
      refreshLifetime: seconds(variables.REFRESH_DAYS * DAY),
      maxAge: Math.floor(variables.SESSION_MAX_DAYS * DAY),
    },
    keyLifetime: seconds(variables.KEY_DAYS * DAY),
    admins: variables.ADMINS,
    trustedIssuers: variables.TRUSTED_ISSUERS.map(({ jwks, secret, ...rest }) => ({
      ...rest,
      keys: jwks === undefined ? { secret: secretOf(env, secret ?? '', 32) } : { jwks },
    })),
    providers: variables.OIDC_PROVIDERS.map(({ clientSecret, ...rest }) => ({
      ...rest,
      clientSecret: clientSecret === undefined ? undefined : secretOf(env, clientSecret, 1),
    })),
    decoder: {
      frame: variables.MAX_FRAME_BYTES,
      frameBeforeConnect: Math.min(variables.MAX_FRAME_BYTES, 32_768),
      headerLine: variables.MAX_HEADER_BYTES,
      headers: variables.MAX_HEADERS,
    },
    room: {
      maxContentBytes: variables.MAX_CONTENT_BYTES,
      bytes: variables.ROOM_BYTES,
      members: variables.MAX_MEMBERS,
      maxSubscriptions: variables.MAX_SUBSCRIPTIONS,
      sendPerSecond: variables.SEND_PER_SECOND,
      sendBurst: variables.SEND_BURST,
      framesPerSecond: variables.FRAMES_PER_SECOND,
      framesBurst: variables.FRAMES_BURST,
      queueMessages: variables.QUEUE_MESSAGES,
      queueBytes: variables.QUEUE_BYTES,
      queueMessagesPerSender: variables.QUEUE_MESSAGES_PER_SENDER,
      queueBytesPerSender: variables.QUEUE_BYTES_PER_SENDER,
      queues: variables.MAX_QUEUES,
      queueConsumers: variables.QUEUE_CONSUMERS,
      queueDeliveries: variables.QUEUE_DELIVERIES,
      transactions: variables.MAX_TRANSACTIONS,
      transactionFrames: variables.MAX_TRANSACTION_FRAMES,
      transactionBytes: variables.MAX_TRANSACTION_BYTES,
      socketsPerPrincipal: variables.SOCKETS_PER_PRINCIPAL,
      sockets: variables.MAX_SOCKETS,
      heartBeat: variables.HEART_BEAT_MS,
      presenceSweep: variables.PRESENCE_SWEEP === 'on',
      serverBeats: variables.SERVER_BEATS === 'on',
      loopbackHooks: variables.LOOPBACK_HOOKS === 'on',
      stall: variables.STALL_SECONDS * 1000,
    },
  }
}

/** Whole seconds, one at least. */
const seconds = (length: number) => Math.max(1, Math.round(length))

/** A secret from the variable of that name, of at least so many bytes (RFC 7518, section 3.2). */
function secretOf(env: object, name: string, least: number): string {
  const secret: unknown = Object.hasOwn(env, name) ? Reflect.get(env, name) : undefined
  if (typeof secret !== 'string' || new TextEncoder().encode(secret).length < least) {
    throw new Error(`Invalid configuration: ${name}: a secret of at least ${least} bytes`)
  }
  return secret
}
