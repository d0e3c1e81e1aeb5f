// Every way in which a token can be wrong, and some in which it is just right.

import { base64url, type Signer, unsigned } from './forge.ts'
import { type Change, type Issuing, SECONDS } from './token-world.ts'

interface Case {
  readonly name: string
  readonly change: (issuing: Issuing, stranger: Signer) => Change
  /** The code and reason; by issuer where they differ. */
  readonly verdict: string | Readonly<Record<string, string>>
}

/** A row whose header, or whose claims, are changed. */
const header = (name: string, members: object, verdict: Case['verdict']): Case => ({
  name,
  change: () => ({ header: { ...members } }),
  verdict,
})
const claims = (name: string, members: object, verdict: Case['verdict']): Case => ({
  name,
  change: () => ({ claims: { ...members } }),
  verdict,
})

const ALGORITHM = 'token-invalid: algorithm'
const CLAIMS = 'token-invalid: claims'
const TYPE = 'token-invalid: type'
const ISSUER = 'token-invalid: issuer'
const AUDIENCE = 'token-invalid: audience'
const CRIT = 'token-invalid: crit'
const MALFORMED = 'token-invalid: malformed'
const SIGNATURE = 'token-invalid: signature'
const KEY = 'token-invalid: key'

/** Where a secret is the key, `kid` says nothing. */
const KEY_BUT_OF_A_SECRET = { '': KEY, hmac: 'accepted' }

/** What a directory of a large company puts into a token of 10 kB. */
const GROUPS = Array.from({ length: 157 }, (_, at) => `group-${at}-`.padEnd(64, 'x'))

export const WRONG: readonly Case[] = [
  ...['none', 'None', 'NONE', 'nOnE', ' none', 'none\0'].map(
    (alg): Case => ({
      name: `alg ${JSON.stringify(alg)}, unsigned`,
      change: () => ({ header: { alg }, sign: unsigned }),
      verdict: ALGORITHM,
    }),
  ),
  ...[
    'none',
    '',
    'es256',
    'ES256 ',
    'ES384',
    'ES512',
    'PS256',
    'RS1',
    'HS512',
    'constructor',
    'A256GCM',
  ].map((alg) => header(`alg ${JSON.stringify(alg)}`, { alg }, ALGORITHM)),
  header('no alg', { alg: undefined }, ALGORITHM),
  header('alg null', { alg: null }, ALGORITHM),
  header('alg in a list', { alg: ['ES256'] }, ALGORITHM),
  {
    name: 'no signature',
    change: () => ({ sign: unsigned }),
    verdict: SIGNATURE,
  },
  {
    name: 'somebody else’s signature',
    change: (_, { sign }) => ({ sign }),
    verdict: SIGNATURE,
  },
  {
    name: 'somebody else’s signature, and their key in the header',
    change: (_, { sign, jwk }) => {
      const x5c = [base64url('a certificate')]
      const [jku, x5u] = ['https://evil.example/jwks', 'https://evil.example/x5u']
      return { header: { jwk, jku, x5u, x5c }, sign }
    },
    verdict: SIGNATURE,
  },
  {
    name: 'somebody else’s signature, and their key in the header without kid',
    change: (_, { sign, jwk }) => ({ header: { jwk, kid: undefined }, sign }),
    verdict: SIGNATURE,
  },
  header('kid unknown', { kid: 'another' }, KEY_BUT_OF_A_SECRET),
  header('kid empty', { kid: '' }, KEY_BUT_OF_A_SECRET),
  header('kid a path', { kid: '../../dev/null' }, KEY_BUT_OF_A_SECRET),
  header('kid a number', { kid: 1 }, KEY),
  header('kid a list', { kid: ['the-key'] }, KEY),
  header('typ of a ticket', { typ: 'ticket+jwt' }, TYPE),
  header('typ of a sign-in', { typ: 'oidc-flow+jwt' }, TYPE),
  header('typ of another kind', { typ: 'logout+jwt' }, TYPE),
  header('typ with its prefix, of another kind', { typ: 'application/secevent+jwt' }, TYPE),
  header('typ not a text', { typ: { toLowerCase: 1 } }, TYPE),
  header('no typ', { typ: undefined }, { '': 'accepted', us: TYPE }),
  header('typ JWT', { typ: 'JWT' }, { '': 'accepted', us: TYPE }),
  header('typ in other letters', { typ: 'application/AT+JWT' }, 'accepted'),
  header('crit known to nobody', { crit: ['exp'], exp: 1 }, CRIT),
  header('crit empty', { crit: [] }, CRIT),
  header('crit null', { crit: null }, CRIT),
  header('b64 false', { crit: ['b64'], b64: false }, CRIT),
  header('b64 false and not critical', { b64: false }, CRIT),
  claims('iss of nobody', { iss: 'https://evil.example' }, ISSUER),
  claims('no iss', { iss: undefined }, ISSUER),
  claims('iss in a list', { iss: ['us'] }, ISSUER),
  claims('iss nearly right', { iss: 'us/' }, ISSUER),
  claims('iss from the prototype', { iss: '__proto__' }, ISSUER),
  claims('aud of another', { aud: 'another' }, AUDIENCE),
  claims('aud of others', { aud: ['another', 'stompbox:room'] }, AUDIENCE),
  claims('aud empty', { aud: [] }, AUDIENCE),
  claims('aud in a list of lists', { aud: [['chat', 'stompbox']] }, AUDIENCE),
  claims('aud part of the right one', { aud: 'stompbox chat' }, AUDIENCE),
  claims('no aud', { aud: undefined }, AUDIENCE),
  claims('aud among others', { aud: ['another', 'chat', 'stompbox'] }, 'accepted'),
  claims('exp now', { exp: SECONDS }, 'token-expired'),
  claims('exp one second ago', { exp: SECONDS - 1 }, 'token-expired'),
  claims('exp long ago', { exp: 1 }, 'token-expired'),
  claims('exp zero', { exp: 0 }, 'token-expired'),
  claims('exp negative', { exp: -SECONDS }, 'token-expired'),
  claims('exp in a second', { exp: SECONDS + 1 }, 'accepted'),
  claims('no exp', { exp: undefined }, CLAIMS),
  claims('exp null', { exp: null }, CLAIMS),
  claims('exp a text', { exp: String(SECONDS + 900) }, CLAIMS),
  claims(
    'nbf in eleven seconds',
    { nbf: SECONDS + 11 },
    { '': 'accepted', us: 'token-early: nbf' },
  ),
  claims('nbf in 61 seconds', { nbf: SECONDS + 61 }, 'token-early: nbf'),
  claims('nbf in ten seconds', { nbf: SECONDS + 10 }, 'accepted'),
  claims('nbf a text', { nbf: '0' }, CLAIMS),
  claims(
    'iat in eleven seconds',
    { iat: SECONDS + 11 },
    { '': 'accepted', us: 'token-early: iat' },
  ),
  claims('iat in 61 seconds', { iat: SECONDS + 61 }, { '': 'accepted', us: 'token-early: iat' }),
  claims('157 groups of 64 characters', { groups: GROUPS }, 'accepted'),
  claims('iat in ten seconds', { iat: SECONDS + 10 }, 'accepted'),
  claims('iat a text', { iat: '0' }, CLAIMS),
  claims('no sub', { sub: undefined }, CLAIMS),
  claims('sub a number', { sub: 7 }, CLAIMS),
  claims('sub a list', { sub: ['ann'] }, CLAIMS),
  { name: 'no claims', change: () => ({ claims: '{}' }), verdict: ISSUER },
  { name: 'claims a text', change: () => ({ claims: '"ann"' }), verdict: MALFORMED },
  { name: 'claims a list', change: () => ({ claims: '[]' }), verdict: MALFORMED },
  { name: 'claims nothing', change: () => ({ claims: '' }), verdict: MALFORMED },
  { name: 'claims null', change: () => ({ claims: 'null' }), verdict: MALFORMED },
  {
    name: 'claims not UTF-8',
    change: () => ({ claims: Buffer.from('{"iss":"us\xff"}', 'latin1') }),
    verdict: MALFORMED,
  },
  { name: 'a header that is no object', change: () => ({ header: '[]' }), verdict: MALFORMED },
  { name: 'a header of nothing', change: () => ({ header: '' }), verdict: MALFORMED },
  claims('too long', { more: 'x'.repeat(16_384) }, 'token-invalid: too-long'),
  {
    name: 'iss twice, the last of nobody',
    change: (issuing) => ({ claims: twice(issuing.claims, 'iss', 'https://evil.example') }),
    verdict: ISSUER,
  },
  {
    // Ours is shown to the issuer with a secret, all others are shown to us.
    name: 'iss twice, the last of another issuer',
    change: ({ claims }) => {
      const other = claims.iss === 'us' ? 'https://hmac.example' : 'us'
      return { claims: twice(claims, 'iss', other) }
    },
    verdict: { '': ALGORITHM, ec: TYPE },
  },
  {
    name: 'aud twice, the last of another',
    change: (issuing) => ({ claims: twice(issuing.claims, 'aud', 'another') }),
    verdict: AUDIENCE,
  },
  {
    name: 'exp twice, the last one over',
    change: (issuing) => ({ claims: twice(issuing.claims, 'exp', 1) }),
    verdict: 'token-expired',
  },
  {
    name: 'alg twice, the last none',
    change: (issuing) => ({ header: twice(issuing.header, 'alg', 'none') }),
    verdict: ALGORITHM,
  },
]

/** JSON with a name twice. */
const twice = (members: object, name: string, last: unknown) =>
  `${JSON.stringify(members).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(last)}}`
