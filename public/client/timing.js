// @ts-check
// Every wait of the client, in milliseconds, with its default; and the one count.

/** @type {import('./room-client.js').Timing} */
export const TIMING = {
  opening: 15_000,
  preparing: 30_000,
  receipt: 15_000,
  pulse: 5000,
  heartBeat: 45_000,
  farewell: 2000,

  firstWait: 1000,
  longWait: 10_000,
  lastWait: 30_000,
  longestAsked: 600_000,
  lasting: 5000,
  offlineLook: 30_000,

  eventLate: 5000,
  quiet: 300_000,
  repairs: 3,

  store: 5000,

  typing: 3000,
  typingPause: 3000,
  typingLasts: 6000,
}
