import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { PeerRole, RoomView } from '../src/generated/center'
import { type Slot, SLOTS } from '../src/rtc/local-tracks.ts'
import { fakeTrack, installMediaStream } from './fake-connection.ts'
import { face, meet, Page, room } from './fake-page.ts'
import { FakeTimers, settle } from './fakes.ts'

installMediaStream()

let timers: FakeTimers
let kiosk: Page
let staff: Page

const NOTHING = [null, null, null]

/** Both pages know of each other, and nobody has accepted. */
async function ring(): Promise<void> {
  staff.links.update(room(staff, kiosk, false, kiosk.session, false))
  kiosk.links.update(room(kiosk, staff, true, staff.session, false))
  await settle()
}

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

beforeEach(() => {
  timers = new FakeTimers()
  kiosk = new Page('kiosk:K01', 'k-1', timers)
  staff = new Page('staff:s1', 's-1', timers)
  meet(kiosk, staff)
  kiosk.links.setTracks({ ...face(), 'desk.video': fakeTrack('video') })
  staff.links.setTracks(face())
})

describe('two pages that meet again', () => {
  it('do not take the goodbye of their last talk for one of this', async () => {
    await connect()
    const heard: string[] = []
    kiosk.signallingUp = staff.signallingUp = false
    staff.sent.length = 0
    staff.links.close()
    heard.push(...staff.sent)
    kiosk.links.update(null)
    kiosk.signallingUp = staff.signallingUp = true
    for (const late of heard) kiosk.links.receive(staff.id, late)
    for (const links of [kiosk, staff].map((page) => page.links)) links.setTracks(face())
    staff.links.update(room(staff, kiosk, false, kiosk.session, true, 'c2'))
    for (const late of heard) kiosk.links.receive(staff.id, late)
    kiosk.links.update(room(kiosk, staff, true, staff.session, true, 'c2'))
    await settle()
    // The goodbye bore the number that the first words of this talk lead up to.
    staff.links.setTracks({ 'desk.video': fakeTrack('video') })
    timers.advance(1000)
    await settle()
    expect(heard).toHaveLength(1)
    expect(kiosk.link?.over).toBe(false)
    expect(kiosk.states).not.toContain('lost')
  })
})

describe('setting up', () => {
  it('takes one offer, from the impolite side, and shows face and desk', async () => {
    await connect()
    expect([kiosk.connection.offers, staff.connection.offers]).toEqual([0, 1])
    expect([kiosk.connection.signalingState, staff.connection.signalingState]).toEqual(['stable', 'stable'])
    expect([staff.shown, kiosk.shown]).toEqual([['face'], ['face']])
    flow()
    await settle()
    expect([staff.shown, kiosk.shown]).toEqual([['face', 'desk'], ['face']])
    expect([kiosk.connection.offers, staff.connection.offers]).toEqual([0, 1])
  })

  it('is up only when the first media arrives', async () => {
    await connect()
    staff.connection.becomes('connected')
    await settle()
    expect(staff.states).toEqual([])
    staff.connection.packets = 1
    timers.advance(50)
    await settle()
    expect(staff.states).toEqual(['up'])
  })

  it('sends a picture of half the size until the line is known, and never more than the line bears', async () => {
    await ring()
    const faces = () => [kiosk, staff].map((page) => page.connection.transceivers[1]?.sender.parameters.encodings[0])
    expect(faces()).toEqual([{ scaleResolutionDownBy: 2 }, { scaleResolutionDownBy: 2 }])
    kiosk.link?.limit('paused')
    await connect()
    flow()
    await settle()
    expect(faces()).toEqual([{ scaleResolutionDownBy: 2 }, { scaleResolutionDownBy: 2 }])
    timers.advance(1000)
    await settle()
    expect(faces()).toEqual([{ active: false }, {}])
  })

  it('sends the sound twice without a word to the other side, and whatever that one offers later', async () => {
    await connect()
    const described = staff.connection.remoteDescription
    kiosk.link?.sendSound(true)
    await settle()
    expect([kiosk.connection.soundCodecs, staff.connection.soundCodecs]).toEqual(['63 111', '111 63'])
    expect(staff.connection.remoteDescription).toBe(described)
    staff.connection.restartIce()
    await settle()
    expect([kiosk.connection.soundCodecs, staff.connection.offers]).toEqual(['63 111', 2])
  })

  it('sends the picture of a tile while somebody else sees this page as well', async () => {
    await connect()
    flow()
    await settle()
    timers.advance(1000)
    await settle()
    const face = () => staff.connection.transceivers[1]?.sender.parameters.encodings[0]
    const pair = room(staff, kiosk, false)
    const joinedBy = (...roles: PeerRole[]) => {
      const others = pair.peers.flatMap((peer) => roles.map((role) => ({ ...peer, peer_id: role, role, page_session: null })))
      return { ...pair, peers: [...pair.peers, ...others] }
    }
    staff.links.update(joinedBy('recorder'))
    await settle()
    expect(face()).toEqual({})
    staff.links.update(joinedBy('kiosk'))
    await settle()
    expect(face()).toEqual({ maxBitrate: 350_000, scaleResolutionDownBy: 2 })
    staff.links.update(joinedBy('kiosk', 'engine'))
    await settle()
    expect(face()).toEqual({})
  })

  it('has a place for everything, even with nothing to show', async () => {
    const bare = new Page('staff:s2', 's-2', timers)
    meet(bare, kiosk)
    bare.links.update(room(bare, kiosk, false))
    kiosk.links.update(room(kiosk, bare, true))
    await settle()
    for (const page of [bare, kiosk]) {
      const places = page.connection.transceivers.map(({ kind, direction }) => `${kind} ${direction}`)
      expect(places).toEqual(['audio sendrecv', 'video sendrecv', 'video sendrecv'])
    }
    kiosk.connection.becomes('connected')
    await settle()
    expect([kiosk.states, kiosk.shown]).toEqual([['up'], []])
  })

  it('hears an offer that overtook the news of its sender', async () => {
    staff.links.update(room(staff, kiosk, false))
    await settle()
    kiosk.links.update(room(kiosk, staff, true))
    await settle()
    expect(staff.connection.signalingState).toBe('stable')
    expect(staff.shown).toEqual(['face'])
  })

  it('says failed when no connection came about, and up when it does after all', async () => {
    await connect()
    staff.connection.becomes('failed')
    flow()
    await settle()
    expect(staff.states).toEqual(['failed', 'up'])
  })
})

describe('while it rings', () => {
  it('is connected, and sends and tells nothing', async () => {
    await ring()
    flow()
    await settle()
    expect([kiosk.connection.signalingState, staff.connection.signalingState]).toEqual(['stable', 'stable'])
    expect([kiosk.connection.sent, staff.connection.sent]).toEqual([NOTHING, NOTHING])
    expect([kiosk.states, staff.states, kiosk.shown, staff.shown]).toEqual([[], [], [], []])
  })

  it('a word of the other page opens nothing: only the center knows who accepted', async () => {
    await ring()
    staff.links.open()
    await settle()
    expect(kiosk.connection.sent).toEqual(NOTHING)
    expect(kiosk.shown).toEqual(['face'])
    kiosk.links.update(room(kiosk, staff, true))
    expect(kiosk.connection.sent.slice(0, 2)).not.toContain(null)
  })

  it('and is then accepted, sends without another offer', async () => {
    await ring()
    flow()
    staff.links.open()
    kiosk.links.update(room(kiosk, staff, true))
    await settle()
    expect([kiosk.connection.offers, staff.connection.offers]).toEqual([0, 1])
    expect(staff.shown).toEqual(['face', 'desk'])
    expect([kiosk.states, staff.states]).toEqual([['up'], ['up']])
  })

  it('takes a camera that comes late', async () => {
    staff = new Page('staff:s1', 's-1', timers)
    meet(kiosk, staff)
    await ring()
    await connect()
    expect(kiosk.shown).toEqual([])
    staff.links.setTracks(face())
    await settle()
    expect(kiosk.shown).toEqual(['face'])
    expect(staff.connection.offers).toBe(1)
  })

  it('a line that fails is tried again and not told', async () => {
    await ring()
    for (const page of [kiosk, staff]) page.connection.becomes('failed')
    timers.advance(1)
    await settle()
    expect(kiosk.connection.restarts).toBe(1)
    staff.links.open()
    kiosk.links.update(room(kiosk, staff, true))
    await settle()
    expect([kiosk.states, staff.states]).toEqual([['failed'], ['failed']])
  })

  it('and is declined, leaves without a word', async () => {
    await ring()
    const [said, answered] = [staff.sent.length, kiosk.sent.length]
    staff.links.update(null)
    kiosk.links.update({ ...room(kiosk, staff, true), peers: [] })
    expect([staff.sent.length, kiosk.sent.length]).toEqual([said, answered])
    expect(timers.waiting).toBe(0)
  })

  it('and rings once more, is not confused by what is left of the first time', async () => {
    await ring()
    const late = [...staff.sent]
    staff.links.update(null)
    kiosk.links.update({ ...room(kiosk, staff, true), open: false, peers: [] })
    for (const payload of late) kiosk.links.receive(staff.id, payload)
    await ring()
    await connect()
    flow()
    await settle()
    expect([kiosk.states, staff.states]).toEqual([['up'], ['up']])
  })
})

describe('offer collision', () => {
  it('is settled by the polite side rolling back, with both wishes carried out', async () => {
    await connect()
    kiosk.connection.restartIce()
    staff.connection.restartIce()
    await settle()
    expect([kiosk.connection.rollbacks, staff.connection.rollbacks]).toEqual([1, 0])
    expect([kiosk.connection.signalingState, staff.connection.signalingState]).toEqual(['stable', 'stable'])
    expect([kiosk.connection.restarts, staff.connection.restarts]).toEqual([1, 1])
  })
})

describe('a page that left and is back', () => {
  it('gets a new link though it was not loaded anew', async () => {
    await connect()
    kiosk.links.update(null)
    await settle()
    expect(staff.states.at(-1)).toBe('lost')
    staff.links.update(room(staff, kiosk, false))
    kiosk.links.update(room(kiosk, staff, true))
    await settle()
    expect(staff.connections).toHaveLength(2)
    expect(staff.connection.signalingState).toBe('stable')
  })
})

describe('relays', () => {
  const relayed = (ends: string): RoomView => ({
    ...room(staff, kiosk, false),
    ice_servers: [{ urls: ['turns:t.example:443?transport=tcp'], username: `${ends}:a1`, credential: 'c' }],
    ice_transport_policy: 'relay',
  })
  const configured = (ends: string) => ({
    iceServers: [{ urls: ['turns:t.example:443?transport=tcp'], username: `${ends}:a1`, credential: 'c' }],
    iceTransportPolicy: 'relay',
    bundlePolicy: 'max-bundle',
  })

  it('are the only way when the room says so', () => {
    staff.links.update(relayed('1'))
    expect(staff.connection.configuration).toEqual(configured('1'))
  })

  it('get their newer credentials without a new offer', async () => {
    staff.links.update(relayed('1'))
    kiosk.links.update(room(kiosk, staff, true))
    await settle()
    const offers = staff.connection.offers
    staff.links.update(relayed('2'))
    await settle()
    expect(staff.connection.configuration).toEqual(configured('2'))
    expect([staff.connections.length, staff.connection.offers]).toEqual([1, offers])
    const configure = vi.spyOn(staff.connection, 'setConfiguration')
    staff.links.update(relayed('2'))
    expect(configure).not.toHaveBeenCalled()
  })

  it('are no matter to a page that hung up', () => {
    staff.links.update(relayed('1'))
    const link = staff.link
    staff.links.update(null)
    expect(() => link?.setIce({ iceServers: [] })).not.toThrow()
  })
})

describe('the end', () => {
  it('closes both connections and leaves no timer', async () => {
    await connect()
    flow()
    await settle()
    timers.advance(100)
    staff.links.update(null)
    await settle()
    expect(kiosk.connection.connectionState).toBe('closed')
    expect(kiosk.states.at(-1)).toBe('lost')
    expect(timers.waiting).toBe(0)
  })
})

it('is not cut where somebody without a microphone pauses the picture for a weak line', async () => {
  await connect()
  flow()
  await settle()
  kiosk.link?.tell({ hears: 'sound', sees: 'picture', grade: 'weak', sound: 'none', picture: 'paused' })
  for (let poll = 0; poll < 10; poll += 1) await settle().then(() => timers.advance(500))
  expect([staff.states, staff.connection.restarts, kiosk.states.at(-1)]).toEqual([['up'], 0, 'lost'])
})

describe('papers that nobody looks at', () => {
  const FACE: readonly Slot[] = ['face.audio', 'face.video']
  const desk = () => kiosk.connection.sent[2]

  it('are offered, sent when somebody does, and no longer', async () => {
    staff.links.watch(kiosk.id, FACE)
    await connect()
    flow()
    await settle()
    expect([desk(), staff.shown]).toEqual([null, ['face', 'desk']])
    staff.links.watch(kiosk.id, SLOTS)
    await settle()
    expect(desk()).not.toBeNull()
    staff.links.watch(kiosk.id, FACE)
    await settle()
    expect(desk()).toBeNull()
    expect(kiosk.connection.sent.slice(0, 2)).not.toContain(null)
  })

  it('are not sent over the next link either', async () => {
    await connect()
    staff.links.watch(kiosk.id, FACE)
    kiosk.links.update(null)
    await settle()
    await connect()
    flow()
    await settle()
    expect([kiosk.connections.length, desk()]).toEqual([2, null])
  })

  it('are not missed', async () => {
    kiosk.links.setTracks({ 'face.audio': null, 'face.video': null })
    staff.links.watch(kiosk.id, FACE)
    await connect()
    flow()
    for (let poll = 0; poll < 6; poll += 1) {
      timers.advance(500)
      await settle()
    }
    expect([staff.states, staff.shown, staff.connection.restarts]).toEqual([['up'], ['desk'], 0])
  })
})

describe('local tracks', () => {
  it('are replaced without a new offer; the desk follows the faces and is sent for sharpness', async () => {
    await connect()
    const desk = kiosk.connection.transceivers[2]?.sender
    expect(desk?.track).toBeNull()
    flow()
    await settle()
    expect(desk?.track?.contentHint).toBe('detail')
    expect(desk?.parameters).toMatchObject({ degradationPreference: 'maintain-resolution', encodings: [{ priority: 'medium' }] })
    kiosk.links.setTracks({ 'face.video': null })
    await settle()
    expect(kiosk.connection.offers).toBe(0)
    expect(kiosk.connection.sent[1]).toBeNull()
  })
})
