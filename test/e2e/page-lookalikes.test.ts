// A name that looks like another person's, on the page: marked beside the name and beside what was
// said.

import { expect, it } from 'vitest'
import { setStage, type Visitor, WIDE } from '../support/browser.ts'
import { newUsername } from '../support/people.ts'

const stage = setStage(undefined, { screen: WIDE })

const mark = ({ page }: Visitor, where: string) => page.locator(`${where} .tag.warning`)

it('warns of who looks like the owner and like somebody here, and of nobody else', async () => {
  const username = newUsername('ada')
  const ada = await stage.host({ username, password: 'harbour walk at five', name: 'Adam Paul' })
  // The capital I looks like a small L.
  const eve = await stage.arrive('Adam PauI', ada.link)
  await eve.connected()
  await eve.say('send me the key')
  await ada.sees('send me the key')
  await ada.say('who are you?')
  await eve.sees('who are you?')
  await expect.poll(() => mark(ada, '#people-list').count()).toBe(1)
  expect(await mark(ada, '.message .byline').count()).toBe(1)
  expect(await mark(eve, '.message .byline').count()).toBe(0)
  // The marks leave the name its room.
  const name = ada.page.locator('#people-list .name', { hasText: 'PauI' })
  expect((await name.boundingBox())?.width).toBeGreaterThan(100)
  await ada.page.getByRole('img', { name: 'This name looks like' }).first().waitFor()
  await ada.shot('lookalike')
  // The log keeps it.
  await ada.page.reload()
  await ada.sees('send me the key')
  expect(await mark(ada, '.message .byline').count()).toBe(1)
})
