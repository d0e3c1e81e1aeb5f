// SEND, ACK and NACK: each asks for an effect, which is done at once or, with a `transaction` header, kept
// until COMMIT. The order for a SEND: authorize, append, deliver, receipt.

import { Refusal } from '../../refusals.ts'
import { afterDelivery } from '../delivery.ts'
import { perform } from '../effects/effect.ts'
import { type EffectCommand, PREPARE } from '../effects/prepare.ts'
import { sayReceipt } from '../replies.ts'
import type { ConnectedSession } from '../session.ts'
import type { Call } from '../turn.ts'
import { keep, transactionOf } from './transactions.ts'

/** Answers one of the three commands. */
export function effect(command: EffectCommand) {
  return (call: Call<ConnectedSession>): void => {
    const transaction = transactionOf(call)
    const asked = PREPARE[command](call)
    if (command === 'SEND' && !asked.repeated) charge(call)
    if (transaction) {
      keep(call, transaction)
      sayReceipt(call, [['transaction', transaction.id]])
    } else {
      perform(call, [asked])
      afterDelivery(call, () => sayReceipt(call, asked.receipt?.()))
    }
  }
}

function charge({ room, now, session }: Call<ConnectedSession>): void {
  if (!room.sends.take(session.principal.id, now)) throw new Refusal('too-fast')
}
