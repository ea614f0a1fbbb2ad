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
  | { description: RTCSessionDescriptionInit; tracks: Record<string, StreamKind> }
  | { candidates: RTCIceCandidateInit[] }
  | { bye: true }

/** How the other side may be reached. */
export type IceConfiguration = Pick<RTCConfiguration, 'iceServers' | 'iceTransportPolicy'>

export interface PeerLinkOptions {
  room: string
  /** Whether this side yields when both offer at once; the other side offers first. */
  polite: boolean
  /** Whether the talk was accepted already; see `open`. */
  open: boolean
  ice: IceConfiguration
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

/** One pooled transport: whoever answers has its relay before there is an offer. */
const ALWAYS: RTCConfiguration = { bundlePolicy: 'max-bundle', iceCandidatePoolSize: 1 }
const FIRST_OFFER_WAIT_MS = 3000
/** Candidates of one host come within a few milliseconds, and go out together. */
const TRICKLE_MS = 20
const LOST_AFTER_MS = 2000
const MEDIA_POLL_MS = 50

/** How long a side waits before it restarts ICE: the polite one first, so that offers rarely collide. */
const RESTART_MS = { polite: 700, impolite: 2200 }
const RESTART_EVERY_MS = 5000

/**
 * One RTCPeerConnection to one page, negotiated by the W3C "perfect negotiation" pattern. It does
 * not care whether signalling is up: what it has to say waits in its reliable channel.
 *
 * Until it is opened it says nothing, but has everything ready: certificate, local tracks,
 * candidates and, on the side that offers first, an offer that has the candidates in it.
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
  private held = true
  private makingOffer = false
  private offerIsStale = false
  private ignoringOffer = false
  private settingAnswer = false
  private mayOffer: boolean
  private state: LinkState | null = null
  private closed = false
  private candidates: RTCIceCandidateInit[] = []
  /** The desk joins in when faces are seen: its encoder would delay them. */
  private deskToShow: MediaStreamTrack | null = null
  private cancelFirstOffer: () => void = () => undefined
  private cancelTrickle: () => void = () => undefined
  private cancelLost: () => void = () => undefined
  private cancelRestart: () => void = () => undefined
  private cancelPoll: () => void = () => undefined

  constructor(private readonly options: PeerLinkOptions) {
    const { room, session, toSession, send, polite, ice } = options
    this.timers = options.timers ?? realTimers
    this.toSession = toSession
    this.sentStreams = { face: new MediaStream(), desk: new MediaStream() }
    this.channel = new SignalChannel<SignalBody>({
      room,
      session,
      toSession,
      send,
      timers: this.timers,
      deliver: (body) => {
        // The center relays for accepted talks only, so a word from there is as good as its view.
        this.open()
        // Its offer is here or under way; one of our own into the middle of it would spoil both.
        this.cancelFirstOffer()
        this.inbox = this.inbox.then(() => this.handle(body)).catch((error: unknown) => this.complain(error))
      },
    })
    const create = options.createConnection ?? ((configuration) => new RTCPeerConnection(configuration))
    this.connection = create({ ...ice, ...ALWAYS })
    this.mayOffer = !polite
    this.listen()
    this.setTracks(options.tracks)
    if (!polite) this.askForTheirs()
    if (options.open) this.open()
  }

  /** Whether it was closed, from here or from the other end. */
  get over(): boolean {
    return this.closed
  }

  /** The talk was accepted: what lies ready goes out in one flight, the rest follows. */
  open(): void {
    if (!this.held || this.closed) return
    this.held = false
    if (this.options.polite) this.cancelFirstOffer = this.timers.after(FIRST_OFFER_WAIT_MS, () => this.allowOffer())
    else if (!this.makingOffer) this.postDescription()
  }

  receive(payload: string): void {
    this.channel.receive(payload)
  }

  /** Signalling is back after an outage. */
  resend(): void {
    this.channel.resend()
  }

  /** Relays and their credentials from the next ICE restart on; what flows now is left alone. */
  setIce(ice: IceConfiguration): void {
    if (!this.closed) this.connection.setConfiguration({ ...ice, ...ALWAYS })
  }

  /** Sends these tracks from now on; a slot that is not named stays as it is. */
  setTracks(tracks: LocalTracks): void {
    for (const slot of SLOTS) {
      const track = tracks[slot]
      if (track !== undefined) this.setTrack(slot, track)
    }
    // No negotiation is asked for while an offer is out; one in the making or ready is made again.
    const offered = this.makingOffer || this.connection.signalingState === 'have-local-offer'
    if (this.held && offered) void this.offer()
  }

  close(): void {
    if (this.closed) return
    if (!this.held) this.channel.post({ bye: true })
    this.end()
  }

  private setTrack(slot: Slot, track: MediaStreamTrack | null): void {
    if (this.closed) return
    if (track !== null && slot === 'desk.video') preferSharpness(track)
    if (track !== null && !this.senders.has(slot)) {
      this.senders.set(slot, this.connection.addTrack(track, this.sentStreams[kindOf(slot)]))
    }
    const waits = slot === 'desk.video' && this.state === null
    if (waits) this.deskToShow = track
    this.replaceTrack(slot, waits ? null : track)
  }

  private replaceTrack(slot: Slot, track: MediaStreamTrack | null): void {
    const sender = this.senders.get(slot)
    if (sender === undefined || sender.track === track) return
    sender.replaceTrack(track).catch((error: unknown) => this.complain(error))
  }

  /** The first offer has room for all that the other side may send, whatever this side does. */
  private askForTheirs(): void {
    for (const slot of SLOTS) {
      const kind = slot === 'face.audio' ? 'audio' : 'video'
      if (!this.senders.has(slot)) this.connection.addTransceiver(kind, { direction: 'recvonly' })
    }
  }

  private listen(): void {
    const { connection } = this
    connection.onnegotiationneeded = () => void this.offer()
    connection.onicecandidate = ({ candidate }) => {
      // Until then they gather in the description.
      if (candidate !== null && !this.held) this.trickle(candidate.toJSON())
    }
    connection.ontrack = ({ streams: [stream] }) => {
      if (stream !== undefined) this.remoteStreams.set(stream.id, stream)
      this.showStreams()
    }
    connection.onconnectionstatechange = () => this.connectionChanged()
  }

  private trickle(candidate: RTCIceCandidateInit): void {
    if (this.candidates.length === 0) this.cancelTrickle = this.timers.after(TRICKLE_MS, () => this.postCandidates())
    this.candidates.push(candidate)
  }

  private postCandidates(): void {
    this.channel.post({ candidates: this.candidates })
    this.candidates = []
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
    this.offerIsStale = this.makingOffer
    if (this.makingOffer) return
    try {
      this.makingOffer = true
      do {
        this.offerIsStale = false
        await this.connection.setLocalDescription()
      } while (this.needsAnother())
      if (!this.held) this.postDescription()
    } catch (error) {
      this.complain(error)
    } finally {
      this.makingOffer = false
    }
  }

  /** Only an offer that nobody has seen can be replaced. */
  private needsAnother(): boolean {
    return this.offerIsStale && this.held && !this.closed
  }

  private postDescription(): void {
    const description = this.connection.localDescription
    if (description === null || this.closed) return
    const { type, sdp } = description
    this.channel.post({ description: { type, sdp }, tracks: this.sentKinds() })
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
    if ('description' in body) await this.handleDescription(body.description, body.tracks)
    else if ('candidates' in body) for (const candidate of body.candidates) await this.handleCandidate(candidate)
    else this.handleBye()
  }

  private async handleDescription(
    description: RTCSessionDescriptionInit,
    tracks: Record<string, StreamKind>,
  ): Promise<void> {
    const { connection } = this
    const stable = connection.signalingState === 'stable' || this.settingAnswer
    const collision = description.type === 'offer' && (this.makingOffer || !stable)
    this.ignoringOffer = !this.options.polite && collision
    if (this.ignoringOffer) return
    this.remoteKinds = tracks
    this.settingAnswer = description.type === 'answer'
    try {
      await connection.setRemoteDescription(description)
    } finally {
      this.settingAnswer = false
    }
    this.showStreams()
    if (description.type === 'offer') {
      await connection.setLocalDescription()
      this.postDescription()
      this.allowOffer()
    }
  }

  private async handleCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    try {
      await this.connection.addIceCandidate(candidate)
    } catch (error) {
      // Candidates of an offer that was ignored have nothing to belong to.
      if (!this.ignoringOffer) throw error
    }
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
    if (state === 'up') this.showDesk()
    this.options.onState(state)
  }

  private showDesk(): void {
    if (this.deskToShow !== null) this.replaceTrack('desk.video', this.deskToShow)
    this.deskToShow = null
  }

  private end(): void {
    this.closed = true
    this.cancelTrickle()
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
