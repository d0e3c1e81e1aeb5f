// No call to another object waits for ever: one that does keeps this one from hibernating.

/** Milliseconds. */
const DEADLINE = 5000

/** What the promise gives, or an error when it takes longer than that. */
export async function withDeadline<Value>(promise: Promise<Value>, ms = DEADLINE): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('another object did not answer')), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    if (timer !== undefined) clearTimeout(timer)
  }
}
