// /api/rooms/:id/reports: messages that people report, and the queue of them that moderators
// settle. The room says who may.

import * as v from 'valibot'
import type { Report } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import type { GatewayContext } from '../context.ts'
import { bodyOf, displayName, queryOf, wholeNumber } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { asking, roomOf } from './rooms.ts'

/** Characters of a reason. */
const MAX_REASON = 500
const DEFAULT_PAGE = 50
const MAX_PAGE = 100

const reason = v.union([v.literal(''), displayName(MAX_REASON)], `${MAX_REASON} characters at most`)

/** The body of POST /api/rooms/:id/reports. */
export const ReportBody = v.object({
  seq: v.pipe(v.number('a seq is wanted'), v.safeInteger('a seq is wanted'), v.minValue(1)),
  reason: v.optional(reason, ''),
})

/** The body of PATCH /api/rooms/:id/reports/:reportId. */
export const ReportChange = v.object({
  state: v.picklist(['settled', 'dismissed'], 'settled or dismissed'),
})

/** The query of a page of reports; `cursor` is the `next` of the page before. */
export const ReportsQuery = v.object({
  state: v.optional(v.picklist(['open', 'settled', 'dismissed'], 'open, settled or dismissed')),
  cursor: v.optional(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
  limit: v.optional(wholeNumber(1, MAX_PAGE)),
})

/**
 * POST /api/rooms/:id/reports, by whoever reads there.
 *
 * @throws Refusal as `roomOf`, `bodyOf` and `RoomCalls.report`.
 */
export async function reportMessage(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const body = await bodyOf(context, ReportBody)
  return context.json(shown(granted(await room.report(asking(context), body))), 201)
}

/**
 * GET /api/rooms/:id/reports, by moderators: the newest first.
 *
 * @throws Refusal as `roomOf`, `queryOf` and `RoomCalls.reports`.
 */
export async function listReports(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const { state, cursor: before, limit = DEFAULT_PAGE } = queryOf(context, ReportsQuery)
  const page = granted(await room.reports(asking(context), { state, before, limit }))
  const reports = page.reports.map(({ message, ...report }) => ({ ...shown(report), message }))
  return context.json({ reports, next: page.next === null ? null : String(page.next) })
}

/**
 * PATCH /api/rooms/:id/reports/:reportId, by moderators.
 *
 * @throws Refusal `report-unknown`, and as `roomOf`, `bodyOf` and `RoomCalls.settleReport`.
 */
export async function settleReport(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const id = context.req.param('reportId') ?? ''
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new Refusal('report-unknown')
  const { state } = await bodyOf(context, ReportChange)
  return context.json(shown(granted(await room.settleReport(asking(context), Number(id), state))))
}

const shown = ({ id, at, ...report }: Report) => ({
  id: String(id),
  ...report,
  at: new Date(at).toISOString(),
  ...('settledAt' in report && { settledAt: new Date(report.settledAt).toISOString() }),
})
