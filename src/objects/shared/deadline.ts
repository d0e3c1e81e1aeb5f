// No call to another object waits for ever: a pending call would keep this object from hibernating.

/** Milliseconds. */
const DEADLINE = 5000

/** The result of a promise. Rejects if it takes longer than `ms`. */
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
