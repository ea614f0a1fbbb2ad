import { realTimers, type Timers } from '../wire/timers.ts'
import { kindOf, type LocalTracks, preferSharpness, type Slot, SLOTS, type StreamKind } from './local-tracks.ts'
import { SignalChannel } from './signal-channel.ts'
import { readStats } from './stats.ts'

/**
 * `up`: connected and media flows (again); `lost`: it was up and has been cut for two seconds;
 * `failed`: no connection came about. After `lost` and `failed` the link goes on trying.
 */
export type LinkState = 'up' | 'lost' | 'failed'

export type SignalBody =
  | { description: RTCSessionDescriptionInit }
  | { candidate: RTCIceCandidateInit | null }
  | { tracks: Record<string, StreamKind> }
  | { bye: true }

export interface PeerLinkOptions {
  /** Whether this side yields when both offer at once; it is also the side that offers first. */
  polite: boolean
  iceServers: RTCIceServer[]
  session: string
  toSession: string
  /** Hands a signalling payload to the relay. */
  send: (payload: string) => void
  onTrack: (kind: StreamKind, stream: MediaStream) => void
  onState: (state: LinkState) => void
  tracks: LocalTracks
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection
  timers?: Timers
}

const FIRST_OFFER_WAIT_MS = 1500
const LOST_AFTER_MS = 2000
const MEDIA_POLL_MS = 50

/** How long a side waits before it restarts ICE: the polite one first, so that offers rarely collide. */
const RESTART_MS = { polite: 700, impolite: 2200 }
const RESTART_EVERY_MS = 5000

/**
 * One RTCPeerConnection to one page, negotiated by the W3C "perfect negotiation" pattern. It does
 * not care whether signalling is up: what it has to say waits in its reliable channel.
 */
export class PeerLink {
  readonly connection: RTCPeerConnection
  readonly toSession: string
  private readonly channel: SignalChannel<SignalBody>
  private readonly timers: Timers
  private readonly senders = new Map<Slot, RTCRtpSender>()
  private readonly sentStreams: Record<StreamKind, MediaStream>
  private remoteKinds: Record<string, StreamKind> | null = null
  private readonly remoteStreams = new Map<string, MediaStream>()
  private readonly shown = new Set<string>()
  private inbox: Promise<void> = Promise.resolve()
  private makingOffer = false
  private ignoringOffer = false
  private settingAnswer = false
  private mayOffer: boolean
  private state: LinkState | null = null
  private closed = false
  private cancelFirstOffer: () => void = () => undefined
  private cancelLost: () => void = () => undefined
  private cancelRestart: () => void = () => undefined
  private cancelPoll: () => void = () => undefined

  constructor(private readonly options: PeerLinkOptions) {
    const { session, toSession, send, polite, iceServers } = options
    this.timers = options.timers ?? realTimers
    this.toSession = toSession
    this.sentStreams = { face: new MediaStream(), desk: new MediaStream() }
    this.channel = new SignalChannel<SignalBody>({
      session,
      toSession,
      send,
      timers: this.timers,
      deliver: (body) => {
        this.inbox = this.inbox.then(() => this.handle(body)).catch((error: unknown) => this.complain(error))
      },
    })
    const create = options.createConnection ?? ((configuration) => new RTCPeerConnection(configuration))
    this.connection = create({ iceServers, bundlePolicy: 'max-bundle' })
    this.mayOffer = polite
    this.listen()
    this.setTracks(options.tracks)
    if (polite) this.askForFace()
    if (!polite) this.cancelFirstOffer = this.timers.after(FIRST_OFFER_WAIT_MS, () => this.allowOffer())
  }

  receive(payload: string): void {
    this.channel.receive(payload)
  }

  /** Signalling is back after an outage. */
  resend(): void {
    this.channel.resend()
  }

  /** Sends these tracks from now on; a slot that is not named stays as it is. */
  setTracks(tracks: LocalTracks): void {
    for (const slot of SLOTS) {
      const track = tracks[slot]
      if (track !== undefined) this.setTrack(slot, track)
    }
  }

  close(): void {
    if (this.closed) return
    this.channel.post({ bye: true })
    this.end()
  }

  private setTrack(slot: Slot, track: MediaStreamTrack | null): void {
    if (this.closed) return
    if (track !== null && slot === 'desk.video') preferSharpness(track)
    const sender = this.senders.get(slot)
    if (sender !== undefined) {
      if (sender.track !== track) void sender.replaceTrack(track).catch((error: unknown) => this.complain(error))
    } else if (track !== null) {
      this.senders.set(slot, this.connection.addTrack(track, this.sentStreams[kindOf(slot)]))
    }
  }

  /** The first offer has room for the other side's face even when this side has none to show. */
  private askForFace(): void {
    if (!this.senders.has('face.audio')) this.connection.addTransceiver('audio', { direction: 'recvonly' })
    if (!this.senders.has('face.video')) this.connection.addTransceiver('video', { direction: 'recvonly' })
  }

  private listen(): void {
    const { connection } = this
    connection.onnegotiationneeded = () => void this.offer()
    connection.onicecandidate = ({ candidate }) => {
      if (candidate !== null) this.channel.post({ candidate: candidate.toJSON() })
    }
    connection.ontrack = ({ streams: [stream] }) => {
      if (stream !== undefined) this.remoteStreams.set(stream.id, stream)
      this.showStreams()
    }
    connection.onconnectionstatechange = () => this.connectionChanged()
  }

  private allowOffer(): void {
    this.cancelFirstOffer()
    if (this.mayOffer || this.closed) return
    this.mayOffer = true
    // Everything that was added meanwhile is in the first description already, if one came.
    if (this.connection.remoteDescription === null) void this.offer()
  }

  private async offer(): Promise<void> {
    if (!this.mayOffer || this.closed) return
    try {
      this.makingOffer = true
      await this.connection.setLocalDescription()
      this.postDescription()
    } catch (error) {
      this.complain(error)
    } finally {
      this.makingOffer = false
    }
  }

  private postDescription(): void {
    const description = this.connection.localDescription
    if (description === null || this.closed) return
    this.channel.post({ tracks: this.sentKinds() })
    this.channel.post({ description: { type: description.type, sdp: description.sdp } })
    this.keepDeskSharp()
  }

  private sentKinds(): Record<string, StreamKind> {
    const kinds = [...this.senders.keys()].map(kindOf)
    return Object.fromEntries(kinds.map((kind) => [this.sentStreams[kind].id, kind]))
  }

  private keepDeskSharp(): void {
    const sender = this.senders.get('desk.video')
    if (sender === undefined) return
    const parameters = sender.getParameters()
    if (parameters.degradationPreference === 'maintain-resolution') return
    parameters.degradationPreference = 'maintain-resolution'
    sender.setParameters(parameters).catch((error: unknown) => this.complain(error))
  }

  private async handle(body: SignalBody): Promise<void> {
    if (this.closed) return
    if ('description' in body) await this.handleDescription(body.description)
    else if ('candidate' in body) await this.handleCandidate(body.candidate)
    else if ('tracks' in body) this.handleTracks(body.tracks)
    else this.handleBye()
  }

  private async handleDescription(description: RTCSessionDescriptionInit): Promise<void> {
    const { connection } = this
    const stable = connection.signalingState === 'stable' || this.settingAnswer
    const collision = description.type === 'offer' && (this.makingOffer || !stable)
    this.ignoringOffer = !this.options.polite && collision
    if (this.ignoringOffer) return
    this.settingAnswer = description.type === 'answer'
    try {
      await connection.setRemoteDescription(description)
    } finally {
      this.settingAnswer = false
    }
    if (description.type === 'offer') {
      await connection.setLocalDescription()
      this.postDescription()
      this.allowOffer()
    }
  }

  private async handleCandidate(candidate: RTCIceCandidateInit | null): Promise<void> {
    try {
      await this.connection.addIceCandidate(candidate ?? undefined)
    } catch (error) {
      // Candidates of an offer that was ignored have nothing to belong to.
      if (!this.ignoringOffer) throw error
    }
  }

  private handleTracks(kinds: Record<string, StreamKind>): void {
    this.remoteKinds = kinds
    this.showStreams()
  }

  private handleBye(): void {
    this.end()
    this.say('lost')
  }

  private showStreams(): void {
    for (const [id, stream] of this.remoteStreams) {
      const kind = this.remoteKinds?.[id]
      if (kind === undefined || this.shown.has(id)) continue
      this.shown.add(id)
      this.options.onTrack(kind, stream)
    }
  }

  private connectionChanged(): void {
    switch (this.connection.connectionState) {
      case 'connected':
        this.cancelLost()
        this.cancelRestart()
        this.cancelPoll()
        this.pollMedia(this.timers)
        break
      case 'disconnected':
        this.cancelLost()
        this.cancelLost = this.timers.after(LOST_AFTER_MS, () => this.cut())
        this.scheduleRestart(this.options.polite ? RESTART_MS.polite : RESTART_MS.impolite)
        break
      case 'failed':
        this.cancelLost()
        this.cut()
        this.scheduleRestart(this.options.polite ? 0 : RESTART_MS.impolite)
        break
      default:
        break
    }
  }

  private cut(): void {
    this.cancelPoll()
    this.say(this.state === null || this.state === 'failed' ? 'failed' : 'lost')
  }

  private scheduleRestart(delayMs: number): void {
    this.cancelRestart()
    this.cancelRestart = this.timers.after(delayMs, () => {
      if (this.closed || this.connection.connectionState === 'connected') return
      // With an offer of ours under way a second one would only wait behind it.
      if (this.connection.signalingState === 'stable') this.connection.restartIce()
      this.scheduleRestart(RESTART_EVERY_MS)
    })
  }

  /** Connected is not yet seen or heard: `up` waits for the first packet of media. */
  private pollMedia(timers: Timers): void {
    if (this.closed || this.connection.connectionState !== 'connected') return
    const again = () => {
      this.cancelPoll = timers.after(MEDIA_POLL_MS, () => this.pollMedia(timers))
    }
    const expectsNone = this.remoteKinds !== null && Object.keys(this.remoteKinds).length === 0
    readStats(this.connection).then(({ inbound }) => {
      if (this.closed || this.connection.connectionState !== 'connected') return
      if (expectsNone || inbound.some((track) => track.packetsReceived > 0)) this.say('up')
      else again()
    }, again)
  }

  private say(state: LinkState): void {
    if (this.state === state) return
    this.state = state
    this.options.onState(state)
  }

  private end(): void {
    this.closed = true
    this.cancelFirstOffer()
    this.cancelLost()
    this.cancelRestart()
    this.cancelPoll()
    this.channel.close()
    this.connection.close()
  }

  private complain(error: unknown): void {
    if (!this.closed) console.warn('peer link', error)
  }
}
