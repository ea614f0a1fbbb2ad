import { expect, it } from 'vitest'

import type { PeerView, RoomView } from '../src/generated/center'
import { SLOTS, type Slot } from '../src/rtc/local-tracks.ts'
import { fakeTrack, installMediaStream } from './fake-connection.ts'
import { Page } from './fake-page.ts'
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
