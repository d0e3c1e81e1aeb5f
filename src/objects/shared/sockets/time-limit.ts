// The one time limit of a connection: for its CONNECT, or for the rest of an unfinished frame.

import type { RefusalCode } from '../../../refusals.ts'

/** What a connection has to do in time. Memory: a pending limit keeps the object awake. */
export class TimeLimit {
  #pending: { readonly code: RefusalCode; readonly callOff: () => void } | undefined

  /**
   * Begins a limit. The same one begun again is left as it runs.
   *
   * @param begin returns what calls it off.
   */
  begin(code: RefusalCode, begin: () => () => void): void {
    if (this.#pending?.code === code) return
    this.callOff()
    this.#pending = { code, callOff: begin() }
  }

  /** Calls the limit off, if there is one. */
  callOff(): void {
    this.#pending?.callOff()
    this.#pending = undefined
  }
}
