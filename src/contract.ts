// What the gateway asks of the objects: the calls over RPC, and the types that they exchange. Types
// alone. Each object implements its interface, and the gateway holds the stubs.

import type {
  AccountCalls,
  KeyRingCalls,
  ListAdmission,
  LoginCalls,
  ThrottleCalls,
} from './contract/account.ts'
import type { DirectoryCalls } from './contract/lists.ts'
import type { RoomCalls } from './contract/room.ts'
import type { RefusalCode } from './refusals.ts'
import type { Admission } from './room/connections/admission.ts'

export type * from './contract/account.ts'
export type * from './contract/lists.ts'
export type * from './contract/room.ts'

/** The objects by name, and what else the gateway asks of the platform. */
export interface Backend {
  /** The names of what rooms need and the runtime lacks. */
  missing(): readonly string[]
  /** The one key ring. */
  keyRing(): KeyRingCalls
  /** Everybody has an account: guests, and people of trusted issuers too. To ask writes nothing. */
  account(personId: string): AccountCalls
  /** By user name, in the spelling that counts. */
  passwordLogin(username: string): LoginCalls
  /** By the provider's issuer and subject, never by e-mail. */
  providerLogin(issuer: string, subject: string): LoginCalls
  /** By address, in the spelling that counts. */
  throttle(address: string): ThrottleCalls
  /** To ask for an id that no room has makes none: each call is refused with `room-unknown`. */
  room(id: string): RoomCalls
  /** Opens a WebSocket in a room: the 101 with its socket, or why not. */
  enterRoom(id: string, admission: Admission): Promise<Response | { readonly refused: RefusalCode }>
  /** Opens a WebSocket to somebody's account: the 101 with its socket, or why not. */
  enterAccount(
    personId: string,
    admission: ListAdmission,
  ): Promise<Response | { readonly refused: RefusalCode }>
  /** The one list of rooms. */
  directory(): DirectoryCalls
  /** Whether an address may ask for one more token in this minute. */
  mayAuthenticate(address: string): Promise<boolean>
}
