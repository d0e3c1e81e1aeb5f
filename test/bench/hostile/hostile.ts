// `npm run bench -- --hostile`: what the members of a room notice while one guest does its worst.
// The limits are those of wrangler.toml.

import { SOCKET_ATTACKS } from './attacks.ts'
import { HTTP_ATTACKS } from './attacks-http.ts'
import { type Awake, HALF_FRAMES, halfFrames } from './half-frames.ts'
import { type Ordeal, ordeal } from './ordeal.ts'
import { BEHIND, behind } from './readers.ts'
import { World } from './world.ts'

/** What the runtime has most to do with: an object that ignores it has its turn as well. */
const OF_THE_RUNTIME = new Set([
  'one-byte',
  'empty',
  'line-ends',
  'unverified',
  'huge-text',
  'huge-binary',
])
/** Where it matters how many are here. */
const CROWDED = new Set(['presence', 'joins'])

export interface Hostilities {
  readonly ordeals: readonly Ordeal[]
  readonly awake?: Awake
}

/** @param only names of attacks; none: all of them. */
export async function hostilities(
  only: readonly string[],
  tell: (ordeal: Ordeal) => void,
): Promise<Hostilities> {
  const isWanted = (name: string) => only.length === 0 || only.includes(name)
  const world = await World.make()
  try {
    const ordeals: Ordeal[] = []
    const add = (ordeal: Ordeal) => {
      ordeals.push(ordeal)
      tell(ordeal)
    }
    for (const [attack, { about }] of Object.entries({ ...SOCKET_ATTACKS, ...HTTP_ATTACKS })) {
      if (!isWanted(attack)) continue
      const ordered = { attack, about, crowded: CROWDED.has(attack) }
      add(await ordeal(world, ordered))
      if (OF_THE_RUNTIME.has(attack)) add(await ordeal(world, ordered, true))
    }
    for (const name of BEHIND) if (isWanted(name)) add(await behind(world, name))
    return { ordeals, ...(isWanted(HALF_FRAMES) && { awake: await halfFrames(world) }) }
  } finally {
    world.close()
  }
}
