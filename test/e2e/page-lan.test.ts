// The page over plain http on a name of a local network: no secure context, and so no locks, no
// `randomUUID`, no clipboard.

import { expect, it } from 'vitest'
import { setStage } from '../support/browser.ts'

const stage = setStage(undefined, { flags: ['--host-resolver-rules=MAP chat.lan 127.0.0.1'] })

/** A link as it is on the local network. */
const onLan = (link: string) => {
  const url = new URL(link)
  url.hostname = 'chat.lan'
  return url.href
}

it('signs in, talks, reloads, and stays signed in', async () => {
  const jun = await stage.own('Jun')
  const mina = await stage.visit(onLan(jun.link))
  const has = '[isSecureContext, "locks" in navigator, "randomUUID" in crypto].join()'
  expect(await mina.page.evaluate<string>(has)).toBe('false,false,false')
  await mina.signIn('Mina')
  await mina.say('before')
  await mina.sent('before')
  await jun.say('hello')
  await mina.sees('hello')
  await mina.page.reload()
  await mina.connected()
  await mina.say('after')
  await mina.sent('after')
  expect(await jun.log()).toEqual(['before', 'hello', 'after'])
  expect(await mina.page.locator('.message.mine').count()).toBe(2)
})

it('two tabs renew at once, and both stay', async () => {
  const link = onLan((await stage.own('Jun')).link)
  const mina = await stage.visit(link)
  await mina.signIn('Mina')
  const tab = await stage.beside(mina, link)
  await tab.connected()
  await Promise.all([mina.page.reload(), tab.page.reload()])
  await Promise.all([mina.connected(), tab.connected()])
  await tab.say('from the other')
  await mina.sees('from the other')
  await Promise.all([mina.page.reload(), tab.page.reload()])
  await Promise.all([mina.connected(), tab.connected()])
})

it('copies the link', async () => {
  const mina = await stage.visit(onLan((await stage.own('Jun')).link))
  await mina.signIn('Mina')
  await mina.page.locator('.worded').click()
  await mina.page.locator('#copy-room-link').click()
  await mina.page.getByRole('button', { name: 'Copied' }).waitFor()
})
