// /api/admin: what administrators alone may do.

import * as v from 'valibot'
import { audit } from '../../audit.ts'
import type { AccountCalls, AccountView } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import type { GatewayContext } from '../context.ts'
import { bodyOf, optionalBodyOf } from '../http/input.ts'
import { granted } from '../http/problem.ts'

/**
 * Characters of a person's id: a trusted issuer's name and its subject (OpenID Connect Core,
 * section 2).
 */
const MAX_ID = 300
/** All of them stand in every token. */
const MAX_ROLES = 16

const Authority = v.pipe(
  v.string('a text is wanted'),
  v.regex(/^[\w.:-]{1,64}$/, '1 to 64 letters, digits and "_", ".", ":", "-"'),
)

/** What an administrator changes of somebody: one of the two at least. */
export const UserChange = v.pipe(
  v.object({
    disabled: v.optional(v.boolean('true or false is wanted')),
    roles: v.optional(
      v.pipe(
        v.array(Authority, 'a list is wanted'),
        v.maxLength(MAX_ROLES, `${MAX_ROLES} at most`),
        v.transform((roles) => [...new Set(roles)]),
      ),
    ),
  }),
  v.check(
    ({ disabled, roles }) => disabled !== undefined || roles !== undefined,
    'disabled or roles is wanted',
  ),
)

/** Whether older keys are to verify nothing any more. */
export const RotateBody = v.object({
  compromised: v.optional(v.boolean('true or false is wanted'), false),
})

/** GET /api/admin/users/:id. @throws Refusal `user-unknown`. */
export async function showUser(context: GatewayContext): Promise<Response> {
  return context.json(shown(granted(await accountOf(context).show())))
}

/**
 * PATCH /api/admin/users/:id. Sockets of a disabled user, or of one with other roles, end at once.
 *
 * @throws Refusal `user-unknown`, `not-allowed` for the roles of a trusted issuer's person, and as
 * `bodyOf`.
 */
export async function changeUser(context: GatewayContext): Promise<Response> {
  const change = await bodyOf(context, UserChange)
  const user = granted(await accountOf(context).change(change))
  const { id, disabled, roles } = user
  const by = context.var.claims.principal.id
  audit({ event: 'account-changed', user: id, by, disabled, roles })
  return context.json(shown(user))
}

/**
 * POST /api/admin/keys/rotate. Other isolates hold keys for five minutes. Until then they may
 * accept tokens of a compromised key, and sign tokens with it that others refuse.
 *
 * @throws Refusal as `bodyOf`.
 */
export async function rotateKeys(context: GatewayContext): Promise<Response> {
  const { compromised } = await optionalBodyOf(context, RotateBody)
  const { backend, tokens } = context.var.parts
  const kid = await backend.keyRing().rotate(compromised)
  tokens.forgetKeys()
  return context.json({ kid })
}

/**
 * The account of the path.
 *
 * @throws Refusal `user-unknown` for an id that cannot be one: it wakes no object.
 */
function accountOf(context: GatewayContext): AccountCalls {
  const id = context.req.param('id') ?? ''
  if (id.length > MAX_ID) throw new Refusal('user-unknown')
  return context.var.parts.backend.account(id)
}

const shown = ({ id, name, kind, roles, disabled, createdAt }: AccountView) => ({
  id,
  name,
  kind,
  roles,
  disabled,
  createdAt: new Date(createdAt).toISOString(),
})
