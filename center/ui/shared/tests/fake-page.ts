import type { PeerView, RoomView } from '../src/generated/center'
import type { LinkState } from '../src/rtc/line-watch.ts'
import { type LocalTracks, SLOTS, type StreamKind } from '../src/rtc/local-tracks.ts'
import type { PeerReport } from '../src/rtc/quality/report.ts'
import { RoomLinks } from '../src/rtc/room-links.ts'
import { FakeConnection, fakeTrack } from './fake-connection.ts'
import type { FakeTimers } from './fakes.ts'

/** One page in the room, with everything it was shown and told. */
export class Page {
  readonly connections: FakeConnection[] = []
  readonly shown: StreamKind[] = []
  readonly streams = new Map<StreamKind, MediaStream>()
  readonly states: LinkState[] = []
  readonly qualities: PeerReport[] = []
  readonly gone: string[] = []
  readonly sent: string[] = []
  readonly links: RoomLinks
  other: Page | null = null
  signallingUp = true

  constructor(
    readonly id: string,
    readonly session: string,
    timers: FakeTimers,
  ) {
    this.links = new RoomLinks({
      session,
      timers,
      send: (_room, _to, payload) => {
        this.sent.push(payload)
        if (this.signallingUp) queueMicrotask(() => this.other?.links.receive(this.id, payload))
      },
      onTrack: (_peer, kind, stream) => {
        this.shown.push(kind)
        this.streams.set(kind, stream)
      },
      onState: (_peer, state) => this.states.push(state),
      onQuality: (_peer, report) => this.qualities.push(report),
      onGone: (peer) => this.gone.push(peer),
      createConnection: (configuration) => {
        this.connections.push(new FakeConnection(configuration))
        return this.connection as unknown as RTCPeerConnection
      },
    })
  }

  get link() {
    return this.links.link(this.other?.id ?? '')
  }

  get connection(): FakeConnection {
    return this.connections.at(-1) as FakeConnection
  }
}

export const face = (): LocalTracks => ({ 'face.audio': fakeTrack('audio'), 'face.video': fakeTrack('video') })

export function room(
  you: Page, peer: Page, polite: boolean, session: string | null = peer.session, open = true, room_id = 'c1',
): RoomView {
  const role = peer.id.startsWith('kiosk') ? 'kiosk' : 'staff'
  const view: PeerView = { peer_id: peer.id, role, name: '', page_session: session, online: true, polite, send: [...SLOTS] }
  return { room_id, open, you: you.id, your_session: null, ice_servers: [], ice_transport_policy: 'all', peers: [view] }
}

export function offline(view: RoomView): RoomView {
  return { ...view, peers: view.peers.map((peer) => ({ ...peer, online: false })) }
}

export function meet(first: Page, second: Page): void {
  first.other = second
  second.other = first
}
