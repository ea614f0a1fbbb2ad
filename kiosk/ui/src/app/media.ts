import { type Batch, type CallQuality, faceTracks, NOTHING_KNOWN, QualityWatch, RoomLinks, type RoomQuality, RoomWatch, sizeForRoom, type StreamKind } from '@jiujin/shared'
import { shallowReactive } from 'vue'

import { FaceCamera, type FaceDevices, NO_DEVICES } from '../features/call/face-camera'
import type { Line } from '../features/call/line'
import { DeskLink } from '../features/desk/desk-link'
import { WaitingCheck } from '../features/wait/waiting-check'
import type { KioskState, MediaState, PageToAgent, RoomView } from '../generated/agent'
import { needsDesk, needsFace, roomVerdict } from './needs'

/** What the screens show of the talk. */
export interface MediaView {
  devices: FaceDevices
  desk: MediaStream | null
  remote: MediaStream | null
  /** Everybody in a mediation, by peer id. */
  others: Readonly<Record<string, MediaStream>>
  line: Line
  /** Null before it is known. */
  quality: CallQuality | null
  /** The same of a mediation. */
  room: RoomQuality
}

/** Camera, microphone, desk and the connections of the talk, following the agent's state. */
export class KioskMedia {
  readonly view: MediaView = shallowReactive<MediaView>({
    devices: NO_DEVICES,
    desk: null,
    remote: null,
    others: {},
    line: 'none',
    quality: null,
    room: NOTHING_KNOWN,
  })
  private readonly links: RoomLinks
  private readonly face = new FaceCamera((devices) => this.faceChanged(devices))
  private readonly desk: DeskLink
  private roomText = 'null'
  private peer: string | null = null
  private reported: MediaState | null = null
  private readonly quality: QualityWatch
  private readonly people: RoomWatch
  private room: RoomView | null = null
  private readonly check = new WaitingCheck((check) => this.send({ type: 'page.line_check', check }))
  private consultation: string | null = null
  private state: KioskState | null = null
  private inMediation = false
  private online = false
  /** The agent's clock minus this page's, ms. */
  private clockOffset = 0

  constructor(
    private readonly session: string,
    private readonly send: (frame: PageToAgent) => boolean,
  ) {
    this.links = new RoomLinks({
      session,
      send: (_room, to, payload) => this.send({ type: 'page.signal', to, payload }),
      onTrack: (peer, kind, stream) => {
        if (peer.role !== 'recorder') this.shown(peer.peer_id, kind, stream)
      },
      // A recorder listens; whether it does is shown to staff.
      onState: (peer, state) => peer.role !== 'recorder' && this.linkChanged(peer.peer_id, state),
      onQuality: ({ peer_id }, report) => (this.inMediation ? this.people.heard(peer_id, report) : this.quality.heard(report)),
      onGone: (peerId) => {
        this.people.gone(peerId)
        this.view.others = Object.fromEntries(Object.entries(this.view.others).filter(([other]) => other !== peerId))
        if (peerId === this.peer) this.peerGone()
        this.needDesk()
      },
      onSending: () => this.needDesk(),
    })
    this.quality = new QualityWatch({
      link: () => (this.peer === null ? undefined : this.links.link(this.peer)),
      face: () => this.view.remote,
      changed: (quality) => (this.view.quality = quality),
      record: (batch) => this.record(batch),
    })
    this.people = new RoomWatch({
      link: (peer) => this.links.link(peer),
      face: (peer) => this.view.others[peer] ?? null,
      may: (peer, slot) => this.room?.peers.find(({ peer_id }) => peer_id === peer)?.send.includes(slot) ?? false,
      changed: (room) => (this.view.room = room),
      record: (peer, batch) => this.recordLine(peer, batch),
    })
    this.desk = new DeskLink({
      offer: (sdp) => this.send({ type: 'desk.offer', sdp }),
      need: (needed) => this.send({ type: 'desk.needed', needed }),
      changed: (track) => this.deskChanged(track),
    })
  }

  follow(state: KioskState): void {
    this.inMediation = state.mediation !== null
    this.clockOffset = Date.parse(state.now) - Date.now()
    this.consultation = state.consultation?.consultation_id ?? this.consultation
    if (needsFace(state)) void this.face.acquire()
    else this.face.release()
    if (needsDesk(state)) this.desk.open()
    else this.desk.close()
    this.needDesk()
    const verdict = roomVerdict(state)
    if (verdict !== 'hold') this.setRoom(verdict === 'close' ? null : state.room)
    this.state = state
    this.check.follow(state, this.view.devices)
    // What was said while the line to the center was cut did not go further than the agent.
    const online = state.link === 'online'
    if (online && !this.online) this.links.resend()
    this.online = online
  }

  /** The agent hears us (again): it may have been started anew and know nothing of before. */
  agentIsBack(): void {
    this.links.resend()
    this.desk.agentIsBack()
    if (this.reported !== null) this.send({ type: 'page.media', state: this.reported })
  }

  signalled(sender: string, payload: string): void {
    this.links.receive(sender, payload)
  }

  deskAnswered(sdp: string): void {
    void this.desk.answer(sdp)
  }

  deskFailed(): void {
    this.desk.failed()
  }

  /** Stops and closes everything; returns what could not be stopped, by name. */
  end(): string[] {
    const tracks = this.view.devices.stream?.getTracks() ?? []
    this.check.stop()
    this.state = null
    this.setRoom(null)
    this.consultation = null
    this.face.release()
    this.desk.close()
    return tracks.filter((track) => track.readyState === 'live').map(({ kind }) => `track:${kind}`)
  }

  /** In a mediation it is not shown here, and there only while somebody looks at the papers. */
  private needDesk(): void {
    this.desk.need(!this.inMediation || this.links.sends('desk.video'))
  }

  private setRoom(room: RoomView | null): void {
    const text = JSON.stringify(room)
    if (text === this.roomText) return
    this.roomText = text
    // What was measured last is of the room before.
    if (room === null) this.people.stop()
    this.room = room
    this.links.update(room)
    if (room !== null) return
    this.quality.stop()
    this.consultation = null
  }

  private record(batch: Batch): void {
    if (this.consultation === null) return
    this.send({ type: 'page.quality', consultation_id: this.consultation, record: this.recordOf(batch) })
  }

  private recordLine(peer_id: string, batch: Batch): void {
    if (this.room === null) return
    this.send({ type: 'page.room_quality', mediation_id: this.room.room_id, peer_id, record: this.recordOf(batch) })
  }

  private recordOf({ number, at, points }: Batch) {
    return { page_session: this.session, number, at: new Date(at + this.clockOffset).toISOString(), points }
  }

  private shown(peer: string, kind: StreamKind, stream: MediaStream): void {
    if (this.inMediation) {
      if (kind === 'face') this.view.others = { ...this.view.others, [peer]: stream }
      return
    }
    this.peer = peer
    if (kind === 'face') this.view.remote = stream
  }

  /** Only a talk of two is reported to the center. */
  private linkChanged(peer: string, state: MediaState): void {
    if (this.inMediation) {
      if (state === 'up') this.people.up(peer)
      return
    }
    this.peer = peer
    this.reported = state
    this.view.line = state === 'up' ? 'up' : 'lost'
    // Before the first picture there is nothing to judge.
    if (state === 'up') this.quality.start()
    this.send({ type: 'page.media', state })
  }

  private peerGone(): void {
    this.peer = null
    this.reported = null
    this.view.remote = null
    this.view.line = 'none'
    this.quality.stop()
  }

  private faceChanged(devices: FaceDevices): void {
    this.view.devices = devices
    if (this.state !== null) this.check.follow(this.state, devices)
    if (this.inMediation) sizeForRoom(devices.stream, true)
    this.links.setTracks(faceTracks(devices.stream))
  }

  private deskChanged(track: MediaStreamTrack | null): void {
    this.view.desk = track === null ? null : new MediaStream([track])
    this.links.setTracks({ 'desk.video': track })
  }
}
