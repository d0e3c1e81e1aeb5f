// Whether a room becomes slower as its log becomes longer.

import type { Effort, Table } from './scenario.ts'

export async function growth(_effort: Effort): Promise<Table[]> {
  return []
}
