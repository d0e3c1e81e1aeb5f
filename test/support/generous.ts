// In most tests one person does the work of many: the limits of a person are tested by themselves.

/** Variables of a server on which nobody meets a limit of the HTTP API. */
export const GENEROUS = {
  REQUESTS_PER_MINUTE: 1_000_000,
  ROOMS_PER_PERSON: 100_000,
  ROOMS_PER_GUEST: 100_000,
  // What is looked for is the answer. How long it takes has a test, and a bench, of its own.
  UNKNOWN_ROOM_MS: 0,
}
