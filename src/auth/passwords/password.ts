// Passwords: hashing and checking them with scrypt (RFC 7914). What is kept is a PHC string, which
// says how it was made, so that the parameters can rise. The salt is an argument.

import { scrypt, timingSafeEqual } from 'node:crypto'
import { base64url } from 'jose'

/** The cost of scrypt: N = 2 to the power of `ln`; memory 128·N·r bytes, done `p` times. */
interface ScryptParameters {
  readonly ln: number
  readonly r: number
  readonly p: number
}

/** Derives a key of so many bytes from a password. */
export type Derive = (
  password: string,
  salt: Uint8Array,
  length: number,
  parameters: ScryptParameters,
) => Promise<Uint8Array>

/** What a shown password is worth against a kept one. */
interface PasswordCheck {
  readonly holds: boolean
  /** The stored hash was made with weaker parameters than today's, and is to be replaced. */
  readonly outdated: boolean
}

/** Today's. The runtime takes N·r·p up to 2^20. */
export const PARAMETERS: ScryptParameters = { ln: 14, r: 8, p: 5 }

/** Bytes. */
export const SALT_LENGTH = 16
const KEY_LENGTH = 32

/** What scrypt may take at most: far more than today's 16 MiB. */
const MAX_MEMORY = 64 * 1024 * 1024

const PHC = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** The PHC string of a password, such as `$scrypt$ln=14,r=8,p=5$<salt>$<key>`. */
export async function hashPassword(
  password: string,
  salt: Uint8Array,
  parameters = PARAMETERS,
  derive = scryptKey,
): Promise<string> {
  const key = await derive(password.normalize('NFKC'), salt, KEY_LENGTH, parameters)
  const { ln, r, p } = parameters
  return `$scrypt$ln=${ln},r=${r},p=${p}$${encode(salt)}$${encode(key)}`
}

/**
 * Checks a password against the PHC string that is kept. Without a stored one the same work is done
 * and the password never holds, so that an unknown user takes as long as a wrong password.
 *
 * @throws Error when what is kept is no PHC string of scrypt.
 */
export async function checkPassword(
  password: string,
  kept: string | undefined,
  derive = scryptKey,
): Promise<PasswordCheck> {
  const { parameters, salt, key } = kept === undefined ? NOBODYS : read(kept)
  const shown = await derive(password.normalize('NFKC'), salt, key.length, parameters)
  const equal = timingSafeEqual(shown, key)
  return { holds: equal && kept !== undefined, outdated: isWeaker(parameters) }
}

const NOBODYS = {
  parameters: PARAMETERS,
  salt: new Uint8Array(SALT_LENGTH),
  key: new Uint8Array(KEY_LENGTH),
}

function read(phc: string) {
  const [, ln = '', r = '', p = '', salt = '', key = ''] = PHC.exec(phc) ?? []
  if (key === '') throw new Error('what is kept of a password cannot be read')
  const parameters = { ln: Number(ln), r: Number(r), p: Number(p) }
  return { parameters, salt: decode(salt), key: decode(key) }
}

const isWeaker = ({ ln, r, p }: ScryptParameters) =>
  ln < PARAMETERS.ln || r < PARAMETERS.r || p < PARAMETERS.p

const scryptKey: Derive = (password, salt, length, { ln, r, p }) =>
  new Promise((resolve, reject) => {
    const options = { N: 2 ** ln, r, p, maxmem: MAX_MEMORY }
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)))
  })

/** Base64 without padding, as PHC strings have it. */
const encode = (bytes: Uint8Array) =>
  base64url.encode(bytes).replaceAll('-', '+').replaceAll('_', '/')

const decode = (text: string) => base64url.decode(text.replaceAll('+', '-').replaceAll('/', '_'))
