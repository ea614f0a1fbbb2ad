import { expect, it } from 'vitest'

import type { PeerView } from '../../src/generated/center'
import { SLOTS } from '../../src/rtc/local-tracks.ts'
import { PRESUMED } from '../../src/rtc/quality/report.ts'
import { fakeTrack, installMediaStream } from '../fake-connection.ts'
import { Page } from '../fake-page.ts'
import { FakeTimers, settle } from '../fakes.ts'

installMediaStream()

function enter(page: Page, other: Page, role: PeerView['role'], polite: boolean): void {
  const peer = { peer_id: other.id, role, name: '', page_session: other.session, online: true, polite, send: [...SLOTS] }
  page.other = other
  page.links.update({
    room_id: 'c1', open: true, you: page.id, peers: [peer], your_session: null, ice_servers: [], ice_transport_policy: 'all',
  })
}

it('tells the other side how it is received, over an outage of the signalling too', async () => {
  const timers = new FakeTimers()
  const kiosk = new Page('kiosk:K01', 'k-1', timers)
  const staff = new Page('staff:s1', 's-1', timers)
  kiosk.links.setTracks({ 'face.audio': fakeTrack('audio') })
  enter(staff, kiosk, 'kiosk', false)
  enter(kiosk, staff, 'staff', true)
  await settle()
  kiosk.signallingUp = false
  kiosk.link?.tell({ ...PRESUMED, hears: 'nothing' })
  kiosk.link?.tell(PRESUMED)
  await settle()
  expect(staff.qualities).toEqual([])
  kiosk.signallingUp = true
  kiosk.links.resend()
  await settle()
  expect(staff.qualities.map(({ hears }) => hears)).toEqual(['nothing', 'sound'])
})
