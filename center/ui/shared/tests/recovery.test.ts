import { beforeEach, describe, expect, it } from 'vitest'

import { fakeTrack, installMediaStream } from './fake-connection.ts'
import { face, meet, offline, Page, room } from './fake-page.ts'
import { FakeTimers, settle } from './fakes.ts'

installMediaStream()

let timers: FakeTimers
let kiosk: Page
let staff: Page

async function connect(): Promise<void> {
  staff.links.update(room(staff, kiosk, false))
  kiosk.links.update(room(kiosk, staff, true))
  await settle()
}

function flow(): void {
  for (const page of [kiosk, staff]) {
    page.connection.packets += 1
    page.connection.becomes('connected')
  }
}

/** Time goes by for everything that asks again and again; media comes where `receiving` says so. */
async function pass(ms: number, ...receiving: Page[]): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    for (const page of receiving) page.connection.packets += 1
    timers.advance(50)
    await settle()
  }
}

beforeEach(() => {
  timers = new FakeTimers()
  kiosk = new Page('kiosk:K01', 'k-1', timers)
  staff = new Page('staff:s1', 's-1', timers)
  meet(kiosk, staff)
  kiosk.links.setTracks({ ...face(), 'desk.video': fakeTrack('video') })
  staff.links.setTracks(face())
})

describe('a cut line', () => {
  it('is reported after two seconds, and ICE is restarted until it is back', async () => {
    await connect()
    flow()
    await settle()
    staff.connection.becomes('disconnected')
    kiosk.connection.becomes('disconnected')
    timers.advance(1400)
    expect([kiosk.connection.restarts, staff.connection.restarts]).toEqual([1, 0])
    timers.advance(500)
    expect(staff.states).toEqual(['up'])
    timers.advance(200)
    await settle()
    expect(staff.states).toEqual(['up', 'lost'])
    flow()
    await settle()
    expect(staff.states).toEqual(['up', 'lost', 'up'])
    const restarts = kiosk.connection.restarts
    await pass(20_000, kiosk, staff)
    expect(kiosk.connection.restarts).toBe(restarts)
  })

  it('is noticed by the packets that stay away, long before ICE tells', async () => {
    await connect()
    flow()
    await pass(2000, kiosk, staff)
    expect(kiosk.connection.restarts).toBe(0)
    await pass(1500)
    expect([kiosk.connection.connectionState, kiosk.connection.restarts]).toEqual(['connected', 1])
    await pass(2000)
    expect(kiosk.states).toEqual(['up', 'lost'])
    await pass(100, kiosk)
    expect(kiosk.states).toEqual(['up', 'lost', 'up'])
  })

  it('of a side that sends nothing is no cut', async () => {
    await connect()
    flow()
    staff.links.setTracks({ 'face.audio': null, 'face.video': null })
    await pass(10_000, staff)
    expect([kiosk.states, kiosk.connection.restarts]).toEqual([['up'], 0])
  })

  it('that heals within two seconds is not reported', async () => {
    await connect()
    flow()
    await settle()
    staff.connection.becomes('disconnected')
    timers.advance(1500)
    staff.connection.becomes('connected')
    await pass(10_000, staff)
    expect(staff.states).toEqual(['up'])
  })
})

describe('a line that ICE cannot bring back', () => {
  it('gets a new connection at both ends, in place of the old one and without a word of goodbye', async () => {
    await connect()
    flow()
    await settle()
    for (const page of [kiosk, staff]) page.connection.becomes('failed')
    await pass(6500)
    expect([kiosk.connections.length, staff.connections.length]).toEqual([2, 2])
    expect([kiosk.gone, staff.gone]).toEqual([[], []])
    expect(staff.connection.signalingState).toBe('stable')
    flow()
    await pass(500, kiosk, staff)
    expect([kiosk.states, staff.states]).toEqual([['up', 'lost', 'up'], ['up', 'lost', 'up']])
    expect(staff.shown).toEqual(['face', 'desk', 'face', 'desk'])
    expect(kiosk.connections[0]?.connectionState).toBe('closed')
  })

  it('keeps its connection while nobody can be asked for a new one', async () => {
    await connect()
    flow()
    await settle()
    kiosk.signallingUp = staff.signallingUp = false
    for (const page of [kiosk, staff]) page.connection.becomes('failed')
    await pass(60_000)
    kiosk.signallingUp = staff.signallingUp = true
    kiosk.links.resend()
    await settle()
    expect([kiosk.connections.length, staff.connections.length]).toEqual([1, 1])
    expect(kiosk.connection.signalingState).toBe('stable')
    flow()
    await pass(20_000, kiosk, staff)
    expect([kiosk.connections.length, staff.connections.length]).toEqual([1, 1])
    expect(staff.states.at(-1)).toBe('up')
  })
})

describe('a signalling outage', () => {
  it('leaves the link alone, and what was said meanwhile arrives afterwards', async () => {
    await connect()
    flow()
    await settle()
    kiosk.signallingUp = staff.signallingUp = false
    kiosk.connection.restartIce()
    await settle()
    expect(staff.connection.remoteDescription?.sdp).not.toContain('"iceRestart":true')
    kiosk.signallingUp = staff.signallingUp = true
    kiosk.links.update(room(kiosk, staff, true))
    await settle()
    expect(staff.connection.remoteDescription?.sdp).not.toContain('"iceRestart":true')
    kiosk.links.update(offline(room(kiosk, staff, true)))
    kiosk.links.update(room(kiosk, staff, true))
    await settle()
    expect(staff.connection.remoteDescription?.sdp).toContain('"iceRestart":true')
    expect([kiosk.connections.length, staff.connections.length]).toEqual([1, 1])
  })

  it('keeps the link while the other page is absent, and makes a new one when it was reloaded', async () => {
    await connect()
    staff.links.update(room(staff, kiosk, false, null))
    expect(staff.connections).toHaveLength(1)
    expect(staff.connection.connectionState).not.toBe('closed')

    const reloaded = new Page('kiosk:K01', 'k-2', timers)
    reloaded.links.setTracks(face())
    meet(reloaded, staff)
    staff.links.update(room(staff, reloaded, false))
    reloaded.links.update(room(reloaded, staff, true))
    await settle()
    expect(staff.connections).toHaveLength(2)
    expect(staff.connections[0]?.connectionState).toBe('closed')
    expect(staff.gone).toEqual(['kiosk:K01'])
    expect(staff.shown).toEqual(['face', 'face'])
  })
})
