import { faceTracks, RoomLinks } from '@jiujin/shared'
import { shallowReactive } from 'vue'

import { FaceCamera, type FaceDevices, NO_DEVICES } from '../features/call/face-camera'
import { type Line, watchLine } from '../features/call/line'
import { DeskLink } from '../features/desk/desk-link'
import type { KioskState, MediaState, PageToAgent, RoomView } from '../generated/agent'
import { needsDesk, needsFace, roomVerdict } from './needs'

/** What the screens show of the talk. */
export interface MediaView {
  devices: FaceDevices
  desk: MediaStream | null
  remote: MediaStream | null
  line: Line
  voiceOnly: boolean
}

/** Camera, microphone, desk and the connections of the talk, following the agent's state. */
export class KioskMedia {
  readonly view: MediaView = shallowReactive<MediaView>({
    devices: NO_DEVICES,
    desk: null,
    remote: null,
    line: 'none',
    voiceOnly: false,
  })
  private readonly links: RoomLinks
  private readonly face = new FaceCamera((devices) => this.faceChanged(devices))
  private readonly desk: DeskLink
  private roomText = 'null'
  private peer: string | null = null
  private reported: MediaState | null = null
  private stopWatching: () => void = () => undefined

  constructor(
    session: string,
    private readonly send: (frame: PageToAgent) => boolean,
  ) {
    this.links = new RoomLinks({
      session,
      send: (_room, to, payload) => this.send({ type: 'page.signal', to, payload }),
      onTrack: (peer, kind, stream) => {
        this.peer = peer.peer_id
        if (kind === 'face') this.view.remote = stream
      },
      onState: (peer, state) => this.linkChanged(peer.peer_id, state),
      onGone: () => this.peerGone(),
    })
    this.desk = new DeskLink({
      offer: (sdp) => this.send({ type: 'desk.offer', sdp }),
      changed: (track) => this.deskChanged(track),
    })
  }

  follow(state: KioskState): void {
    if (needsFace(state)) void this.face.acquire()
    else this.face.release()
    if (needsDesk(state)) this.desk.open()
    else this.desk.close()
    if (roomVerdict(state) !== 'hold') this.setRoom(state.room)
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
    this.setRoom(null)
    this.face.release()
    this.desk.close()
    return tracks.filter((track) => track.readyState === 'live').map(({ kind }) => `track:${kind}`)
  }

  private setRoom(room: RoomView | null): void {
    const text = JSON.stringify(room)
    if (text === this.roomText) return
    this.roomText = text
    this.links.update(room)
    this.stopWatching()
    if (room !== null) this.watch()
  }

  private watch(): void {
    const link = () => (this.peer === null ? undefined : this.links.link(this.peer))
    this.stopWatching = watchLine(link, (reading) => {
      if (this.view.line !== 'lost') Object.assign(this.view, reading)
    })
  }

  private linkChanged(peer: string, state: MediaState): void {
    this.peer = peer
    this.reported = state
    this.view.line = state === 'up' ? 'good' : 'lost'
    this.send({ type: 'page.media', state })
  }

  private peerGone(): void {
    this.peer = null
    this.reported = null
    this.view.remote = null
    this.view.line = 'none'
    this.view.voiceOnly = false
  }

  private faceChanged(devices: FaceDevices): void {
    this.view.devices = devices
    this.links.setTracks(faceTracks(devices.stream))
  }

  private deskChanged(track: MediaStreamTrack | null): void {
    this.view.desk = track === null ? null : new MediaStream([track])
    this.links.setTracks({ 'desk.video': track })
  }
}
