import { beforeEach, describe, expect, it, vi } from 'vitest'

import { PRESUMED } from '../src/rtc/quality/report.ts'
import { installMediaStream } from './fake-connection.ts'
import { face, meet, Page, room } from './fake-page.ts'
import { FakeTimers, settle } from './fakes.ts'

installMediaStream()

let kiosk: Page
let staff: Page

/** What the other page says, sense or not, over its own numbered channel. */
async function says(body: unknown): Promise<void> {
  const { channel } = staff.link as unknown as { channel: { post: (body: unknown) => void } }
  channel.post(body)
  await settle()
}

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockReturnValue(undefined)
  const timers = new FakeTimers()
  kiosk = new Page('kiosk:K01', 'k-1', timers)
  staff = new Page('staff:s1', 's-1', timers)
  meet(kiosk, staff)
  for (const page of [kiosk, staff]) page.links.setTracks(face())
  staff.links.update(room(staff, kiosk, false))
  kiosk.links.update(room(kiosk, staff, true))
  await settle()
})

const NONSENSE: unknown[] = [
  null, 7, 'offer', [], {}, { sends: 7 }, { sends: ['the.moon'] }, { candidates: 'all of them' }, { candidates: [null] },
  { description: null }, { description: { type: 'offer', sdp: 'v=nonsense' } }, { description: { type: 'pranswer' } },
  { watches: 7 }, { quality: null }, { quality: 'good' },
]

describe('a page that talks nonsense', () => {
  it.each(NONSENSE.map((body) => [JSON.stringify(body), body]))('%s ends no call and is not the last word', async (_, body) => {
    await says(body)
    await says({ quality: PRESUMED })
    expect(kiosk.qualities).toEqual([PRESUMED])
    expect([kiosk.link?.over, kiosk.connections.length]).toEqual([false, 1])
    expect(kiosk.connection.signalingState).not.toBe('closed')
  })

  it('and begins a new link with it, gets a new connection, once', async () => {
    const strange = { room: 'c1', session: 's-1', to_session: 'k-1', link: 9, to_link: 0, n: 1, ack: 0, body: null }
    for (let time = 0; time < 3; time += 1) kiosk.links.receive(staff.id, JSON.stringify(strange))
    await settle()
    expect(kiosk.connections.length).toBe(2)
  })
})
