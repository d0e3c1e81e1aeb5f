// One way to sign in as a Durable Object: a user name with its password, or a provider's subject.

import { DurableObject } from 'cloudflare:workers'
import { audit } from '../audit.ts'
import type { Answer } from './answer.ts'
import type { Delayed } from './failure-record.ts'
import { HostedLogin } from './hosted-login.ts'

/** What gateway/backend.ts says of a Login. */
export class LoginObject extends DurableObject<unknown> {
  readonly #login: HostedLogin

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env)
    this.#login = new HostedLogin(ctx.storage)
  }

  async register(personId: string, password: string): Promise<Answer<null>> {
    return this.#login.register(personId, password)
  }

  async verify(password: string): Promise<Answer<string> | Delayed> {
    return this.#login.verify(password)
  }

  async changePassword(password: string, next: string): Promise<Answer<string> | Delayed> {
    const answer = await this.#login.changePassword(password, next)
    if ('value' in answer) audit({ event: 'password-changed', user: answer.value })
    return answer
  }

  async claim(personId: string): Promise<string> {
    return this.#login.claim(personId)
  }

  async owner(): Promise<string | null> {
    return this.#login.owner()
  }

  override async alarm(): Promise<void> {
    await this.#login.forget(Date.now())
  }
}
