// What was read of a storage, in memory, so that an object does not read it twice.

/** A cache of some values by name. Whoever writes one says what has changed. */
export class Remembered<Value> {
  readonly #known = new Map<string, Value>()
  readonly #most: number

  /** @param most values that are remembered at once. */
  constructor(most: number) {
    this.#most = most
  }

  /** A value; read where it is not known. That there is none is remembered too. */
  get(name: string, read: () => Value): Value {
    const known = this.#known.get(name)
    if (known !== undefined || this.#known.has(name)) return known as Value
    const value = read()
    this.set(name, value)
    return value
  }

  /** A value was written. */
  set(name: string, value: Value): void {
    if (this.#known.size >= this.#most) this.#known.clear()
    this.#known.set(name, value)
  }

  /** A value was changed: nothing to do where it is not known. */
  update(name: string, change: (value: Value) => Value): void {
    if (this.#known.has(name)) this.#known.set(name, change(this.#known.get(name) as Value))
  }

  /** A value may have changed. */
  forget(name: string): void {
    this.#known.delete(name)
  }

  /** Every value may have changed. */
  clear(): void {
    this.#known.clear()
  }
}

/**
 * The same SQL.
 *
 * @param forget called where a statement fails: it may have undone others.
 */
export const forgetting = (sql: SqlStorage, forget: () => void): SqlStorage =>
  ({
    exec: <Row extends Record<string, SqlStorageValue>>(query: string, ...values: unknown[]) => {
      try {
        return sql.exec<Row>(query, ...values)
      } catch (error) {
        forget()
        throw error
      }
    },
  }) as SqlStorage
