// What the routes of /api/rooms take and give.

import { readConfig } from '../../src/config.ts'
import { BanBody, ClearQuery, PageQuery } from '../../src/gateway/routes/bans.ts'
import { InvitationBody, InvitationsQuery } from '../../src/gateway/routes/invitations.ts'
import { MembersQuery, ReasonBody, RoleBody } from '../../src/gateway/routes/members.ts'
import { EditBody, MessageBody, ReadBody } from '../../src/gateway/routes/messages.ts'
import { MyRoomChange, MyRoomsQuery } from '../../src/gateway/routes/my-rooms.ts'
import { ReportBody, ReportChange, ReportsQuery } from '../../src/gateway/routes/reports.ts'
import { eventsQuery, ListQuery, RoomBody, RoomChange } from '../../src/gateway/routes/rooms.ts'
import { nothing, type RouteDescriptions } from './route-description.ts'

export const ROOM_ROUTES: RouteDescriptions = {
  'POST /api/rooms/:id/tickets': {
    summary: 'A ticket that opens one WebSocket to the room.',
    by: 'user',
    gives: { 201: 'Ticket' },
  },
  'POST /api/rooms': {
    summary: 'Makes a room.',
    by: 'user',
    body: RoomBody,
    gives: { 201: 'NewRoom' },
  },
  'GET /api/rooms': {
    summary: 'The listed rooms and the person’s own unlisted ones, newest first.',
    by: 'user',
    query: ListQuery,
    gives: { 200: 'Rooms' },
  },
  'POST /api/me/tickets': {
    summary: 'A ticket that opens one WebSocket to the person’s own account.',
    by: 'user',
    gives: { 201: 'ListTicket' },
  },
  'GET /api/me/rooms': {
    summary: 'The rooms of which the person is a member, the newest first.',
    by: 'user',
    query: MyRoomsQuery,
    gives: { 200: 'MyRooms' },
  },
  'PATCH /api/me/rooms/:id': {
    summary:
      'Hides a direct room from the person’s own list, or changes what they chose for a room: mute, level, draft, unread mark, order.',
    by: 'user',
    body: MyRoomChange,
    gives: { 200: 'MyRoom' },
  },
  'GET /api/rooms/:id': {
    summary: 'One room, and for a member what they have not read.',
    by: 'user',
    gives: { 200: 'Room' },
  },
  'PATCH /api/rooms/:id': {
    summary: 'Changes a room and its settings, by its owner.',
    by: 'user',
    body: RoomChange,
    gives: { 200: 'Room' },
  },
  'DELETE /api/rooms/:id': {
    summary: 'Deletes a room and everything in it, by its owner.',
    by: 'user',
    gives: { 204: nothing('It is deleted.') },
  },
  'GET /api/rooms/:id/events': {
    summary: 'A page of the log: after a seq, before a seq, or the newest.',
    by: 'user',
    query: eventsQuery(readConfig({}).pageMax),
    gives: { 200: 'Events' },
  },
  'GET /api/rooms/:id/cost': {
    summary: 'What the room has cost, for its owner.',
    by: 'user',
    gives: { 200: 'Cost' },
  },
  'POST /api/rooms/:id/messages': {
    summary: 'Sends a message. It is stored when this is answered.',
    by: 'user',
    keyed: true,
    body: MessageBody,
    gives: { 201: 'Stored' },
  },
  'PATCH /api/rooms/:id/messages/:seq': {
    summary: 'Edits a message, by its author.',
    by: 'user',
    keyed: true,
    body: EditBody,
    gives: { 200: 'Stored' },
  },
  'DELETE /api/rooms/:id/messages/:seq': {
    summary: 'Deletes a message, by its author or a moderator, who may give a reason.',
    by: 'user',
    keyed: true,
    body: ReasonBody,
    bodyOptional: true,
    gives: { 200: 'Stored' },
  },
  'PUT /api/rooms/:id/messages/:seq/reactions/:reaction': {
    summary: 'Adds a reaction to a message.',
    by: 'user',
    keyed: true,
    gives: { 200: 'Stored' },
  },
  'DELETE /api/rooms/:id/messages/:seq/reactions/:reaction': {
    summary: 'Removes the person’s reaction from a message.',
    by: 'user',
    keyed: true,
    gives: { 200: 'Stored' },
  },
  'GET /api/rooms/:id/pins': {
    summary: 'The pinned messages, the newest pin first.',
    by: 'user',
    gives: { 200: 'Pins' },
  },
  'PUT /api/rooms/:id/pins/:seq': {
    summary: 'Pins a message, by a moderator.',
    by: 'user',
    keyed: true,
    gives: { 200: 'Stored' },
  },
  'DELETE /api/rooms/:id/pins/:seq': {
    summary: 'Takes the pin from a message, by a moderator.',
    by: 'user',
    keyed: true,
    gives: { 200: 'Stored' },
  },
  'PUT /api/rooms/:id/read': {
    summary: 'Tells the room how far the person has read; a member’s marker is kept.',
    by: 'user',
    body: ReadBody,
    gives: { 204: nothing('It is told.') },
  },
  'POST /api/rooms/:id/reports': {
    summary: 'Reports a message to the moderators.',
    by: 'user',
    body: ReportBody,
    gives: { 201: 'Report' },
  },
  'GET /api/rooms/:id/reports': {
    summary: 'The reports, newest first, for moderators.',
    by: 'user',
    query: ReportsQuery,
    gives: { 200: 'Reports' },
  },
  'PATCH /api/rooms/:id/reports/:reportId': {
    summary: 'Settles or dismisses a report, by a moderator.',
    by: 'user',
    body: ReportChange,
    gives: { 200: 'Report' },
  },
  'PUT /api/direct/:userId': {
    summary: 'The direct room with somebody, made where there is none.',
    by: 'user',
    gives: { 200: 'Room', 201: 'Room' },
  },
  'PUT /api/rooms/:id/block': {
    summary: 'Blocks the other of a direct room.',
    by: 'user',
    gives: { 204: nothing('The room is closed to the person.') },
  },
  'DELETE /api/rooms/:id/block': {
    summary: 'Takes the block back.',
    by: 'user',
    gives: { 204: nothing('The room is open again.') },
  },
  'POST /api/rooms/:id/invitations': {
    summary: 'Makes an invitation. Its token is told once.',
    by: 'user',
    body: InvitationBody,
    bodyOptional: true,
    gives: { 201: 'NewInvitation' },
  },
  'GET /api/rooms/:id/invitations': {
    summary: 'The open invitations, newest first: all for moderators, their own for others.',
    by: 'user',
    query: InvitationsQuery,
    gives: { 200: 'Invitations' },
  },
  'DELETE /api/rooms/:id/invitations/:invitationId': {
    summary: 'Takes an invitation back, by whoever made it or a moderator.',
    by: 'user',
    gives: { 204: nothing('It is good for nobody any more.') },
  },
  'GET /api/invitations/:token': {
    summary: 'What an invitation is to, and whose it is.',
    by: 'any',
    gives: { 200: 'ShownInvitation' },
  },
  'POST /api/invitations/:token': {
    summary: 'Joins the room by an invitation.',
    by: 'user',
    gives: { 200: 'InvitationUse' },
  },
  'GET /api/rooms/:id/bans': {
    summary: 'The banned, in pages, for moderators.',
    by: 'user',
    query: PageQuery,
    gives: { 200: 'Bans' },
  },
  'PUT /api/rooms/:id/bans/:userId': {
    summary: 'Bans somebody, who need not have been here, by a moderator or the owner.',
    by: 'user',
    body: BanBody,
    bodyOptional: true,
    gives: { 200: 'Ban' },
  },
  'DELETE /api/rooms/:id/bans/:userId': {
    summary: 'Ends a ban, by a moderator or the owner.',
    by: 'user',
    body: ReasonBody,
    bodyOptional: true,
    gives: { 204: nothing('The ban is over.') },
  },
  'DELETE /api/rooms/:id/members/:userId/messages': {
    summary: 'Deletes the last messages of somebody, by a moderator or the owner.',
    by: 'user',
    query: ClearQuery,
    body: ReasonBody,
    bodyOptional: true,
    gives: { 202: nothing('They are being deleted.') },
  },
  'GET /api/rooms/:id/moderation': {
    summary: 'What moderators have done, the newest first, for moderators.',
    by: 'user',
    query: PageQuery,
    gives: { 200: 'Moderation' },
  },
  'GET /api/rooms/:id/members': {
    summary: 'The members, the owner first, in pages.',
    by: 'user',
    query: MembersQuery,
    gives: { 200: 'Members' },
  },
  'PUT /api/rooms/:id/members/:userId': {
    summary: 'Joins the room. `userId` is `me`.',
    by: 'user',
    gives: { 200: 'Member' },
  },
  'DELETE /api/rooms/:id/members/:userId': {
    summary: 'Leaves the room, or removes somebody from it, by a moderator or the owner.',
    by: 'user',
    body: ReasonBody,
    bodyOptional: true,
    gives: { 204: nothing('They are a member no more.') },
  },
  'PATCH /api/rooms/:id/members/:userId': {
    summary: 'Sets a role, by a moderator or the owner.',
    by: 'user',
    body: RoleBody,
    gives: { 200: 'Member' },
  },
}
