// One person as a Durable Object, guest or account or a trusted issuer's: translates what the
// platform brings. No rule is here.

import type { ListAdmission } from '../../contract.ts'
import { asUpgradeAnswer, readAdmission } from '../shared/sockets/admission.ts'
import { type AccountEnv, AccountHolder } from './holder.ts'
import { AccountRequests } from './requests.ts'

/** Named by the id of its person. */
export class AccountObject extends AccountRequests {
  readonly #held: AccountHolder

  constructor(ctx: DurableObjectState, env: AccountEnv) {
    const held = new AccountHolder(ctx, env)
    super(ctx, env, held)
    this.#held = held
  }

  /** Takes an upgrade that the gateway has admitted. */
  override async fetch(request: Request): Promise<Response> {
    const admission = readAdmission<ListAdmission>(request)
    return asUpgradeAnswer(() => this.#held.lists.open(admission))
  }

  override webSocketMessage(ws: WebSocket, data: string | ArrayBuffer): Promise<void> | undefined {
    return this.#held.lists.message(ws, data)
  }

  override webSocketClose(ws: WebSocket, code: number): Promise<void> {
    return this.#held.lists.closed(ws, code)
  }

  override webSocketError(ws: WebSocket): Promise<void> {
    return this.#held.lists.closed(ws)
  }

  override async alarm(): Promise<void> {
    await this.#held.alarm.ring()
  }
}
