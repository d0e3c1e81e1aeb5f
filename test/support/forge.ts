// Tokens as nobody should make them: any header, any payload, any signature.

import { base64url as base64, exportJWK, type JWK } from 'jose'

export type Sign = (input: Uint8Array) => Promise<Uint8Array>

/** Some keys, and what signs with them. */
export interface Signer {
  readonly alg: string
  readonly sign: Sign
  /** The half that is published; none of a secret. */
  readonly jwk: JWK | undefined
  /** What somebody who confuses algorithms may take for a secret. */
  readonly publicTexts: readonly Uint8Array[]
}

const { subtle } = crypto
const utf8 = new TextEncoder()

export const base64url = (data: string | Uint8Array) => base64.encode(data)

/**
 * A token in compact form. What is a text already stands as it is; members that are undefined do
 * not.
 */
export async function forge(
  header: object | string,
  payload: object | string | Uint8Array,
  sign: Sign,
): Promise<string> {
  const input = `${base64url(written(header))}.${base64url(written(payload))}`
  return `${input}.${base64url(await sign(utf8.encode(input)))}`
}

const written = (part: object | string) =>
  typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part)

export const unsigned: Sign = async () => new Uint8Array()

export function hmac(secret: Uint8Array, hash = 'SHA-256'): Sign {
  return async (input) => {
    const algorithm = { name: 'HMAC', hash }
    const key = await subtle.importKey('raw', secret, algorithm, false, ['sign'])
    return new Uint8Array(await subtle.sign('HMAC', key, input))
  }
}

export function secretSigner(secret: string): Signer {
  const publicTexts = [utf8.encode('secret'), new Uint8Array(32)]
  return { alg: 'HS256', sign: hmac(utf8.encode(secret)), jwk: undefined, publicTexts }
}

const KINDS = {
  RS256: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
}

/** A new pair of keys. `bits` of RSA alone. */
export async function newSigner(
  alg: keyof typeof KINDS,
  kid: string,
  bits = 2048,
): Promise<Signer & { readonly jwk: JWK }> {
  const algorithm = { ...KINDS[alg], modulusLength: bits }
  const { privateKey, publicKey } = (await subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
  const { kid: _kid, alg: _alg, use: _use, ...bare } = jwk
  const spki = new Uint8Array((await subtle.exportKey('spki', publicKey)) as ArrayBuffer)
  const wrapped = btoa(String.fromCharCode(...spki)).replace(/.{64}/g, '$&\n')
  const pem = `-----BEGIN PUBLIC KEY-----\n${wrapped}\n-----END PUBLIC KEY-----`
  const raw = base64.decode(jwk.x ?? jwk.n ?? '')
  return {
    alg,
    sign: async (input) => new Uint8Array(await subtle.sign(algorithm, privateKey, input)),
    jwk,
    publicTexts: [
      ...[pem, `${pem}\n`, JSON.stringify(jwk), JSON.stringify(bare), kid].map((text) =>
        utf8.encode(text),
      ),
      ...[spki, raw, Uint8Array.from([...raw, ...base64.decode(jwk.y ?? '')])],
    ],
  }
}
