// A renewal: a frame whose only purpose is its newer token. The token was taken before the frame was answered.

import type { Handler } from './handler.ts'

export interface RenewCommand {
  readonly type: 'renew'
}

/** Says when the session ends now. */
export const renewalHandler: Handler<RenewCommand> = {
  check: () => ({ isNew: false, needsSpace: false }),
  outcome(_turn, { connection }) {
    const { session } = connection
    return session.phase === 'connected' ? { expiresAt: session.expiresAt } : {}
  },
}
