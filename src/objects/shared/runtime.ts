// What a room needs of the runtime. Where it is missing, that is told at every start and by
// /api/health.

/** The names of what is missing; none in a sound deployment. */
export function missingOfRuntime(): readonly string[] {
  // R2: without it nobody can tell how much waits in a socket, so no slow reader is noticed.
  return 'bufferedAmount' in WebSocket.prototype ? [] : ['websocket-buffered-amount']
}

/** Tells it loudly: nothing else would before a slow reader has filled the memory of a room. */
export function reportRuntime(): void {
  for (const missing of missingOfRuntime()) {
    console.error(JSON.stringify({ event: 'runtime-degraded', missing, lost: 'R2' }))
  }
}
