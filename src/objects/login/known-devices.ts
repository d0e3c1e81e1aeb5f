// The browsers that have signed in to one user name before, in SQLite: the key of the user name
// verifies the cookies that were given out, so no browser is stored.

import { nanoid } from 'nanoid'
import {
  DEVICE_KEY_LENGTH,
  DEVICE_LENGTH,
  knownDevice,
  makeDevice,
} from '../../auth/passwords/device-cookie.ts'

/** A step of the migrations of whatever keeps them. */
export function createDeviceKey(sql: SqlStorage): void {
  sql.exec('CREATE TABLE device_key (key TEXT NOT NULL) STRICT')
}

/** The table `device_key`: one row, made with the first cookie. */
export class KnownDevices {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** The first known device; undefined if none is known. */
  find(devices: readonly string[]): string | undefined {
    const key = this.#key()
    return key === undefined ? undefined : knownDevice(devices, key)
  }

  /** A new device, which is known from now on. */
  make(): string {
    const key = this.#key() ?? this.#newKey()
    return makeDevice(crypto.getRandomValues(new Uint8Array(DEVICE_LENGTH)), key)
  }

  /** None is known any more. */
  forget(): void {
    this.#sql.exec('DELETE FROM device_key')
  }

  #key(): string | undefined {
    const [row] = this.#sql.exec<{ key: string }>('SELECT key FROM device_key').toArray()
    return row?.key
  }

  #newKey(): string {
    const key = nanoid(DEVICE_KEY_LENGTH)
    this.#sql.exec('INSERT INTO device_key (key) VALUES (?)', key)
    return key
  }
}
