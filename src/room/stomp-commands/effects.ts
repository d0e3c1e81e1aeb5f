// SEND, ACK and NACK: each asks for an effect, which is done at once or, with a `transaction` header, kept
// until COMMIT. The order for a SEND: authorize, append, deliver, receipt.

import { perform } from '../commands/effect.ts'
import { type EffectCommand, PREPARE } from '../commands/prepare.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { afterDelivery } from '../delivery/deliver.ts'
import { sendReceipt } from '../delivery/replies.ts'
import { chargeMore, chargeSend, demandSpace } from '../limits/charges.ts'
import { ACK_FRAMES, UNCOUNTED_SEND_FRAMES } from '../limits/limits.ts'
import type { Call } from '../turn.ts'
import { keep, transactionOf } from './transactions.ts'

/** What each counts more than a frame, where it does not count as a SEND. */
const EXTRA = { SEND: UNCOUNTED_SEND_FRAMES, ACK: ACK_FRAMES, NACK: ACK_FRAMES }

/** Answers one of the three commands. */
export function effect(command: EffectCommand) {
  return (call: Call<ConnectedSession>): void => {
    const transaction = transactionOf(call)
    const asked = PREPARE[command](call)
    const isCounted = command === 'SEND' && !asked.repeated
    // R4: a frame that is kept writes rows, whatever it asks for, and whatever comes of its transaction.
    if (isCounted || transaction) chargeSend(call)
    if (!isCounted) chargeMore(call, call.connection, EXTRA[command])
    if (!asked.frees && (asked.store || transaction)) demandSpace(call)
    if (transaction) {
      keep(call, transaction)
      sendReceipt(call, [['transaction', transaction.id]])
    } else {
      perform(call, [asked])
      afterDelivery(call, () => sendReceipt(call, asked.receipt?.()))
    }
  }
}
