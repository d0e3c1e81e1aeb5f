// What a member does over HTTP before it opens its WebSocket.

import { Agent, request } from 'node:http'
import type { Errand, Member } from './member.ts'

const agent = new Agent({ keepAlive: true })

/**
 * Goes a member's errands, one after the other. Gives the member with all of its texts filled in.
 */
export async function goErrands(member: Member, done: () => void): Promise<Member> {
  const { errands = [], ...rest } = member
  const known: Record<string, string> = {}
  for (const errand of errands) {
    known[errand.field] = await go(filled(errand, known))
    done()
  }
  return errands.length === 0 ? member : filled(rest, known)
}

/** Plain data with each `{name}` replaced by what is known of it. */
function filled<Data>(data: Data, known: Readonly<Record<string, string>>): Data {
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (all, name) => known[name] ?? all)
  return JSON.parse(JSON.stringify(data), (_, value) =>
    typeof value === 'string' ? fill(value) : value,
  )
}

function go({ url, body, headers, field }: Errand): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method: 'POST', headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      answer.on('end', () => {
        const { [field]: value } = JSON.parse(text) as Record<string, string>
        if (value === undefined) reject(new Error(`${answer.statusCode} ${text}`))
        else resolve(value)
      })
    })
    asked.on('error', reject).end(body)
  })
}
