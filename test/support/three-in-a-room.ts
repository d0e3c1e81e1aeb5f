// The usual company of a page's test: the owner of a room, and two who came after her.

import type { Stage } from './browser.ts'

/** Ada made the room, Jun and Mina entered it by its link, and she sees both. */
export async function threeInARoom(stage: Stage) {
  const ada = await stage.host('Ada')
  const { link } = ada
  const jun = await stage.arrive('Jun', link)
  const mina = await stage.arrive('Mina', link)
  for (const visitor of [jun, mina]) await visitor.connected()
  await ada.page.locator('.person', { hasText: 'Mina' }).waitFor()
  return { ada, jun, mina, link }
}
