// What a room needs of the runtime. Where it is missing, that is told at every start and by
// /api/health.

/** The names of what is missing; none in a sound deployment. */
export function missingOfRuntime(): readonly string[] {
  // R2: without it the bytes that wait in a socket are unknown, so no slow reader is noticed.
  return 'bufferedAmount' in WebSocket.prototype ? [] : ['websocket-buffered-amount']
}

/** Logs it as an error: otherwise a slow reader could fill the memory of a room unnoticed. */
export function reportRuntime(): void {
  for (const missing of missingOfRuntime()) {
    console.error(JSON.stringify({ event: 'runtime-degraded', missing, lost: 'R2' }))
  }
}
