import { describe, expect, it, vi } from 'vitest'

import { FaceCamera, type FaceDevices, NO_DEVICES } from '../src/features/call/face-camera'
import { DeskLink } from '../src/features/desk/desk-link'
import { type BrowserStores, wipeStores } from '../src/features/wipe/wipe'

function track(kind: 'audio' | 'video') {
  const made = { kind, readyState: 'live', muted: false, stop: () => (made.readyState = 'ended') }
  return made
}

function stream(...tracks: ReturnType<typeof track>[]) {
  return {
    getTracks: () => tracks,
    getAudioTracks: () => tracks.filter(({ kind }) => kind === 'audio'),
    getVideoTracks: () => tracks.filter(({ kind }) => kind === 'video'),
  } as unknown as MediaStream
}

describe('camera and microphone', () => {
  it('goes on with sound when the camera is refused', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const told: FaceDevices[] = []
    const open = vi.fn<(constraints: MediaStreamConstraints) => Promise<MediaStream>>(({ video }) =>
      video ? Promise.reject(new DOMException('refused', 'NotAllowedError')) : Promise.resolve(stream(track('audio'))),
    )
    await new FaceCamera((devices) => told.push(devices), open).acquire()
    expect(told.at(-1)).toMatchObject({ camera: false, microphone: true })
  })

  it('says that there is neither, and does not ask again while it is wanted', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const told: FaceDevices[] = []
    const open = vi.fn(() => Promise.reject(new DOMException('none', 'NotFoundError')))
    const face = new FaceCamera((devices) => told.push(devices), open)
    await face.acquire()
    await face.acquire()
    expect(told.at(-1)).toEqual({ stream: null, camera: false, microphone: false })
    expect(open).toHaveBeenCalledTimes(3)
  })

  it('stops what was opened too late, after it was released', async () => {
    const late = track('video')
    let give: (opened: MediaStream) => void = () => undefined
    const open = () => new Promise<MediaStream>((resolve) => (give = resolve))
    const told: FaceDevices[] = []
    const face = new FaceCamera((devices) => told.push(devices), open)
    const acquired = face.acquire()
    face.release()
    give(stream(late))
    await acquired
    expect(late.readyState).toBe('ended')
    expect(told).toEqual([NO_DEVICES])
  })
})

class FakeConnection {
  static all: FakeConnection[] = []
  connectionState = 'new'
  signalingState = 'stable'
  iceGatheringState = 'complete'
  localDescription = { sdp: `offer ${FakeConnection.all.length}` }
  answers: string[] = []
  ontrack: ((event: { track: unknown }) => void) | null = null
  onconnectionstatechange: (() => void) | null = null
  closed = false

  constructor() {
    FakeConnection.all.push(this)
  }

  addTransceiver = vi.fn()
  createOffer = () => Promise.resolve({})
  setLocalDescription = () => {
    this.signalingState = 'have-local-offer'
    return Promise.resolve()
  }
  setRemoteDescription = ({ sdp }: { sdp: string }) => {
    this.answers.push(sdp)
    return Promise.resolve()
  }
  close = () => {
    this.closed = true
  }
}

function deskLink() {
  FakeConnection.all = []
  const due: (() => void)[] = []
  const offers: string[] = []
  const tracks: unknown[] = []
  const needs: boolean[] = []
  const link = new DeskLink({
    offer: (sdp) => offers.push(sdp) > 0,
    need: (needed) => needs.push(needed) > 0,
    changed: (changed) => tracks.push(changed),
    createConnection: () => new FakeConnection() as unknown as RTCPeerConnection,
    timers: {
      after: (_, callback) => {
        due.push(callback)
        return () => due.splice(due.indexOf(callback), due.includes(callback) ? 1 : 0)
      },
    },
  })
  return { link, due, offers, tracks, needs }
}

describe('desk', () => {
  it('offers, takes the answer and shows the track', async () => {
    const { link, offers, tracks } = deskLink()
    link.open()
    await vi.waitFor(() => expect(offers).toEqual(['offer 0']))
    await link.answer('answer 0')
    const shown = track('video')
    FakeConnection.all[0]?.ontrack?.({ track: shown })
    expect(FakeConnection.all[0]?.answers).toEqual(['answer 0'])
    expect(tracks).toEqual([shown])
  })

  it('offers anew when the agent is back, and shows the old picture until the new one is there', async () => {
    const { link, offers, tracks } = deskLink()
    link.open()
    await vi.waitFor(() => expect(offers).toHaveLength(1))
    const old = track('video')
    FakeConnection.all[0]?.ontrack?.({ track: old })
    link.agentIsBack()
    await vi.waitFor(() => expect(offers).toEqual(['offer 0', 'offer 1']))
    expect(FakeConnection.all[0]?.closed).toBe(true)
    expect(tracks).toEqual([old])
  })

  it('has the agent rest while nobody looks, but not before there was a picture', async () => {
    const { link, offers, needs } = deskLink()
    link.need(false)
    link.open()
    await vi.waitFor(() => expect(offers).toHaveLength(1))
    expect(needs).toEqual([])
    FakeConnection.all[0]?.ontrack?.({ track: track('video') })
    link.need(false)
    expect(needs).toEqual([false])
    link.need(true)
    link.need(false)
    expect(needs).toEqual([false, true, false])
    link.agentIsBack()
    await vi.waitFor(() => expect(offers).toHaveLength(2))
    FakeConnection.all[1]?.ontrack?.({ track: track('video') })
    expect(needs.slice(3)).toEqual([false])
  })

  it('tries again when nobody answers, and stops when it is not wanted any more', async () => {
    const { link, due, offers, tracks } = deskLink()
    link.open()
    await vi.waitFor(() => expect(offers).toHaveLength(1))
    due.shift()?.()
    await vi.waitFor(() => expect(offers).toHaveLength(2))
    link.close()
    expect(due).toEqual([])
    expect(FakeConnection.all.every(({ closed }) => closed)).toBe(true)
    expect(tracks).toEqual([])
  })
})

describe('wipe', () => {
  function stores(stubborn: boolean): BrowserStores {
    const databases = new Set(['visit'])
    let cookies = 'a=1; b=2'
    return {
      local: localStorage,
      session: sessionStorage,
      databases: () => Promise.resolve([...databases].map((name) => ({ name }))),
      deleteDatabase: (name) => Promise.resolve(void (stubborn || databases.delete(name))),
      caches: undefined,
      cookies: {
        read: () => cookies,
        expire: (name) => {
          cookies = cookies.split('; ').filter((pair) => !pair.startsWith(`${name}=`)).join('; ')
        },
      },
    }
  }

  it('empties every store', async () => {
    localStorage.setItem('x', '1')
    sessionStorage.setItem('y', '1')
    expect(await wipeStores(stores(false))).toEqual([])
    expect(localStorage.length + sessionStorage.length).toBe(0)
  })

  it('admits what it could not remove', async () => {
    expect(await wipeStores(stores(true))).toEqual(['indexedDB:visit'])
  })
})
