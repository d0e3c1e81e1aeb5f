// Waiting for something to become so, looked at whenever anything happened.

export class Changes {
  readonly #checks = new Set<() => void>()

  /** Whoever tells of a change may be in the middle of it: so it is looked at afterwards. */
  readonly happened = (): void => {
    for (const check of this.#checks) setImmediate(check)
  }

  /** Whether it became so in time; in milliseconds. */
  until(isSo: () => boolean, timeout: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (outcome: boolean) => {
        clearTimeout(timer)
        this.#checks.delete(check)
        resolve(outcome)
      }
      const check = () => {
        if (isSo()) settle(true)
      }
      const timer = setTimeout(() => settle(isSo()), timeout)
      this.#checks.add(check)
      check()
    })
  }
}
