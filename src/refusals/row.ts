// A row of the tables of refusals.

/** What HTTP answers, how a socket closes, and a sentence for a person. */
export interface RefusalRow {
  /** The status of an HTTP answer. */
  readonly status: number
  /**
   * The WebSocket close code. 1002 protocol, 1008 policy, 1009 too big, 1011 ours, 1013 slow down;
   * 4000-4499 reconnect (4401 with a new token, 4408 no sign of life, 4409 not by itself, 4429 wait
   * first); 4500-4999 do not.
   */
  readonly close: number
  readonly sentence: string
  /** True: the refusal of one SEND need not end the connection. */
  readonly mild?: true
}

/** The refusal of one SEND need not end the connection. */
export const MILD = { mild: true } as const
