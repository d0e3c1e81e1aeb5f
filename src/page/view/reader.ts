// The reader as a signal: views render again when somebody signs in, registers or leaves.

import { signal } from '@preact/signals'
import type { Identity } from '../identity/identity.ts'

export type Reader = ReturnType<typeof createReader>

/** Follows the identity for the life of the page. */
export function createReader(identity: Identity) {
  const look = () => ({ user: identity.user, way: identity.way })
  const reader = signal(look())
  const update = () => {
    reader.value = look()
  }
  identity.onChange(update)
  identity.onUpdate(update)
  return reader
}
