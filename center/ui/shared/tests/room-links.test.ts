import { expect, it } from 'vitest'

import type { PeerView, RoomView } from '../src/generated/center'
import { SLOTS, type Slot } from '../src/rtc/local-tracks.ts'
import { fakeTrack, installMediaStream } from './fake-connection.ts'
import { face, meet, Page, room as roomOf } from './fake-page.ts'
import { FakeTimers, settle } from './fakes.ts'

installMediaStream()

/** The room as the mediator's page sees it: who is there, and what each may be sent. */
function room(...peers: [id: string, send: readonly Slot[]][]): RoomView {
  const views = peers.map(([id, send]): PeerView => {
    return { peer_id: id, role: 'kiosk', name: '', page_session: `page of ${id}`, online: true, polite: false, send: [...send] }
  })
  return { room_id: 'm1', open: true, you: 'staff:piao', your_session: null, ice_servers: [], ice_transport_policy: 'all', peers: views }
}

function sent(page: Page, peer: string): (string | undefined)[] {
  const place = page.connections.indexOf(page.links.link(peer)?.connection as never)
  return page.connections[place]?.transceivers.map(({ sender }) => sender.track?.kind) ?? []
}

it('sends each peer what the room lets it have, and nothing else', async () => {
  const page = new Page('staff:piao', 's', new FakeTimers())
  page.links.setTracks({ 'face.audio': fakeTrack('audio'), 'face.video': fakeTrack('video') })
  page.links.update(room(['kiosk:K01', SLOTS], ['kiosk:K02', ['face.audio']]))
  await settle()
  expect(sent(page, 'kiosk:K01')).toEqual(['audio', 'video', undefined])
  expect(sent(page, 'kiosk:K02')).toEqual(['audio', undefined, undefined])

  page.links.setTracks({ 'face.video': fakeTrack('video'), 'desk.video': fakeTrack('video') })
  expect(sent(page, 'kiosk:K01')).toEqual(['audio', 'video', undefined])
  expect(sent(page, 'kiosk:K02')).toEqual(['audio', undefined, undefined])

  page.links.update(room(['kiosk:K01', ['face.video']], ['kiosk:K02', SLOTS]))
  expect(sent(page, 'kiosk:K01')).toEqual([undefined, 'video', undefined])
  expect(sent(page, 'kiosk:K02')).toEqual(['audio', 'video', undefined])
})

it('has no connection to whom the room does not name', async () => {
  const page = new Page('staff:piao', 's', new FakeTimers())
  page.links.update(room(['kiosk:K01', SLOTS], ['kiosk:K02', SLOTS]))
  await settle()
  const before = page.links.link('kiosk:K02')
  page.links.update(room(['kiosk:K01', SLOTS]))
  expect(page.links.link('kiosk:K02')).toBeUndefined()
  expect(before?.over).toBe(true)
  expect(page.gone).toEqual(['kiosk:K02'])
})

/** The same room where media go through an engine: it is sent to, and answers in place of the others. */
function through(engine: string | null, feed: string | null, send: readonly Slot[] = SLOTS): RoomView {
  const view = room(['engine:m1', send], ['kiosk:K01', feed === null ? send : []])
  const [sending, receiving] = view.peers as [PeerView, PeerView]
  const peers: PeerView[] = [
    { ...sending, role: 'engine', page_session: engine },
    { ...receiving, page_session: feed, polite: true },
  ]
  return { ...view, peers }
}

it('moves to an engine when there is something of somebody, and by the rule until then', async () => {
  const page = new Page('staff:piao', 's', new FakeTimers())
  page.links.setTracks({ 'face.audio': fakeTrack('audio'), 'face.video': fakeTrack('video') })
  page.links.update(room(['kiosk:K01', SLOTS]))
  await settle()
  const mesh = page.links.link('kiosk:K01')

  page.links.update(through('e1', null, ['face.audio']))
  await settle()
  expect(page.links.link('kiosk:K01')).toBe(mesh)
  expect(sent(page, 'kiosk:K01')).toEqual(['audio', undefined, undefined])
  expect(sent(page, 'engine:m1')).toEqual(['audio', undefined, undefined])

  page.links.update(through('e1', 'f1'))
  await settle()
  expect(mesh?.over).toBe(true)
  expect(page.links.link('kiosk:K01')?.toSession).toBe('f1')
  expect(sent(page, 'engine:m1')).toEqual(['audio', 'video', undefined])
})

it('begins anew with the engine that takes the place of a lost one', async () => {
  const page = new Page('staff:piao', 's', new FakeTimers())
  page.links.update(through('e1', 'f1'))
  await settle()
  const [sending, receiving] = ['engine:m1', 'kiosk:K01'].map((peer) => page.links.link(peer))
  page.links.update(through(null, null))
  expect(page.links.link('engine:m1')).toBe(sending)
  page.links.update(through('e2', 'f2'))
  await settle()
  expect([sending?.over, receiving?.over]).toEqual([true, true])
  expect(page.links.link('engine:m1')?.toSession).toBe('e2')
})

it('shows face and desk apart, whatever the other end calls their streams', async () => {
  const [one, other] = [new Page('kiosk:K01', 'k', new FakeTimers()), new Page('staff:piao', 's', new FakeTimers())]
  meet(one, other)
  one.links.setTracks(face())
  one.links.update(roomOf(one, other, true))
  other.links.update(roomOf(other, one, false))
  await settle()
  expect(other.shown).toEqual(['face'])
  expect((other.streams.get('face') as unknown as { tracks: unknown[] }).tracks).toHaveLength(2)
})

it('gives an engine the face in two sizes, and a page in one', async () => {
  const page = new Page('staff:piao', 's', new FakeTimers())
  page.links.update(room(['kiosk:K01', SLOTS]))
  page.links.update(through('e1', null))
  await settle()
  const [toPage, toEngine] = page.connections.map(({ transceivers }) => transceivers.map(({ sizes }) => sizes))
  expect(toPage).toEqual([1, 1, 1])
  expect(toEngine).toEqual([1, 2, 1])
})
