// One way to sign in as a Durable Object: a user name with its password, or a provider's subject.

import { DurableObject } from 'cloudflare:workers'
import type { Answer } from '../../answer.ts'
import { audit } from '../../audit.ts'
import type { AttemptSource, Device, LoginCalls, Verified } from '../../contract.ts'
import { Login } from './login.ts'

/**
 * Named by a user name, or by an issuer and a subject. Failures are counted for unknown user names,
 * too.
 */
export class LoginObject extends DurableObject<unknown> implements LoginCalls {
  readonly #login: Login

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env)
    this.#login = new Login(ctx.storage)
  }

  async register(
    personId: string,
    password: string,
    from: AttemptSource,
  ): Promise<Answer<null> & Device> {
    return this.#login.register(personId, password, from)
  }

  async trusts(devices: readonly string[]): Promise<boolean> {
    return this.#login.trusted(devices) !== undefined
  }

  async verify(password: string, from: AttemptSource): Promise<Verified> {
    return this.#login.verify(password, from)
  }

  async changePassword(password: string, next: string, from: AttemptSource): Promise<Verified> {
    const answer = await this.#login.changePassword(password, next, from)
    if ('value' in answer) audit({ event: 'password-changed', user: answer.value })
    return answer
  }

  async claim(personId: string): Promise<string> {
    return this.#login.claim(personId)
  }

  async owner(): Promise<string | null> {
    return this.#login.owner()
  }

  async release(personId: string): Promise<void> {
    await this.#login.release(personId)
  }

  async withdraw(personId: string): Promise<void> {
    await this.#login.withdraw(personId)
  }

  override async alarm(): Promise<void> {
    await this.#login.forget(Date.now())
  }
}
