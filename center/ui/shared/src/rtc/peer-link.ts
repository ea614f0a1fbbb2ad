import { realTimers, type Timers } from '../wire/timers.ts'
import { LineWatch, type LinkState } from './line-watch.ts'
import { kindOf, type LocalTracks, preferSharpness, type Slot, SLOTS, type StreamKind } from './local-tracks.ts'
import { Negotiation } from './negotiation.ts'
import type { Rung } from './quality/ladder.ts'
import { arrives as anythingArrives, type PeerReport, PRESUMED } from './quality/report.ts'
import { PictureSenders, type Step } from './quality/senders.ts'
import { Recovery } from './recovery.ts'
import { makesSense, type SignalBody } from './signal-body.ts'
import { type LinkAddress, SignalChannel } from './signal-channel.ts'

/** How the other side may be reached. */
export type IceConfiguration = Pick<RTCConfiguration, 'iceServers' | 'iceTransportPolicy'>

export interface PeerLinkOptions extends LinkAddress {
  /** Whether this side yields when both offer at once; the other side offers first. */
  polite: boolean
  /** Whether the other side is an engine, which forwards to the others. */
  toEngine: boolean
  /** Whether the talk was accepted already; see `open`. */
  open: boolean
  /** Whether others in the room see this page as well; see `share`. */
  shared: boolean
  /** What is wanted of the other side; see `watch`. */
  watches: readonly Slot[]
  ice: IceConfiguration
  /** Hands a signalling payload to the relay. */
  send: (payload: string) => void
  /** The other page has begun a new link; this one is over, and the payload is for the next. */
  onRenewed: (payload: string) => void
  /** This link cannot be brought back, and another one has to take its place. */
  onHopeless: () => void
  onTrack: (kind: StreamKind, stream: MediaStream) => void
  onState: (state: LinkState) => void
  /** How the other side receives this one. */
  onQuality?: (report: PeerReport) => void
  /** What is sent is something else now. */
  onSending?: () => void
  tracks: LocalTracks
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection
  timers?: Timers
}

/** Seeing each other, how long until the line is known well enough for a picture of full size. */
const FULL_AFTER_MS = 1000

const BUNDLED: RTCConfiguration = { bundlePolicy: 'max-bundle' }

/**
 * The connection to one page. It does not care whether signalling is up: what it has to say waits
 * in its reliable channel.
 *
 * It connects at once, but sends no sound and no picture until it is opened: when a call is
 * accepted, the first picture has nothing to wait for but its encoder.
 */
export class PeerLink {
  readonly connection: RTCPeerConnection
  readonly toSession: string
  private readonly channel: SignalChannel<SignalBody>
  private readonly negotiation: Negotiation
  private readonly line: LineWatch
  private readonly timers: Timers
  private readonly pictures = new PictureSenders((slot) => this.sender(slot))
  private readonly streams = new Map<StreamKind, MediaStream>()
  private readonly shown = new Set<StreamKind>()
  private tracks: LocalTracks = {}
  private rung: Rung = 'full'
  private shared: boolean
  private lineKnown = false
  private fitted: Promise<void> = Promise.resolve()
  private cancelFull: () => void = () => undefined
  private silent = true
  private closed = false
  /** The desk joins in when faces are seen: its encoder would delay them. */
  private facesSeen = false
  /** What the other side said it sends; null before it did. */
  private theirs: readonly Slot[] | null = null
  /** What it last said of itself. */
  private report: PeerReport = PRESUMED
  private watches: readonly Slot[] = SLOTS
  /** What the other side wants of this one. */
  private watched: readonly Slot[] = SLOTS
  private announced = ''
  private iceText: string

  constructor(private readonly options: PeerLinkOptions) {
    const { polite, ice, send, onRenewed, shared, tracks } = options
    this.shared = shared
    const timers = (this.timers = options.timers ?? realTimers)
    this.toSession = options.toSession
    this.channel = new SignalChannel<SignalBody>({
      ...addressOf(options),
      send,
      onRenewed,
      timers,
      deliver: (body) => this.hear(body),
    })
    const create = options.createConnection ?? ((configuration) => new RTCPeerConnection(configuration))
    const connection = create({ ...ice, ...BUNDLED })
    this.iceText = JSON.stringify(ice)
    this.connection = connection
    this.negotiation = new Negotiation({
      polite,
      toEngine: options.toEngine,
      connection,
      timers,
      post: (body) => this.channel.post(body),
      onSenders: () => this.prepare(),
      settled: () => this.fitted,
      onStream: (kind, stream) => this.arrives(kind, stream),
    })
    const recovery = new Recovery({
      polite,
      timers,
      restart: () => this.negotiation.restart(),
      renew: () => options.onHopeless(),
      isHeard: () => this.channel.isHeard,
    })
    this.line = new LineWatch({
      connection,
      recovery,
      timers,
      onState: (state) => this.stateChanged(state),
    })
    this.tracks = tracks
    this.watch(options.watches)
    if (!polite) this.prepare()
    if (options.open) this.open()
  }

  /** Whether it was closed, from here or from the other end. */
  get over(): boolean {
    return this.closed
  }

  /** The talk was accepted: what there is to be seen and heard is sent from now on. */
  open(): void {
    if (!this.silent || this.closed) return
    this.silent = false
    this.sendTracks()
    this.expectTheirs()
  }

  /** Wants these slots of the other side, and no others, from now on; again is cheap. */
  watch(slots: readonly Slot[]): void {
    if (this.closed || slots === this.watches) return
    this.watches = slots
    this.channel.post({ watches: slots })
    this.expectTheirs()
  }

  /** Undefined before there is a place to send from. */
  sender(slot: Slot): RTCRtpSender | undefined {
    return this.negotiation.sender(slot)
  }

  /** What the other side said it sends; null before it did. */
  get expects(): readonly Slot[] | null {
    return this.theirs
  }

  /** Tells the other side how it is received. False while nothing arrives there: such news would only pile up. */
  tell(quality: PeerReport): boolean {
    const { isHeard } = this.channel
    if (isHeard) this.channel.post({ quality })
    return isHeard
  }

  /** Sends no more picture than this; again is cheap. */
  limit(rung: Rung): void {
    this.rung = rung
    this.fitPictures()
  }

  /** Sends the sound twice, where the other side knows that, or once; again is cheap. */
  sendSound(twice: boolean): void {
    this.negotiation.sendSound(twice)
  }

  /** Others in the room see this page as well: each gets the smaller picture of a tile. Again is cheap. */
  share(shared: boolean): void {
    this.shared = shared
    this.fitPictures()
  }

  receive(payload: string): void {
    this.channel.receive(payload)
  }

  /** Signalling is back after an outage. */
  resend(): void {
    this.channel.resend()
  }

  /** Relays and their credentials from the next ICE restart on; what flows now is left alone. Again is cheap. */
  setIce(ice: IceConfiguration): void {
    const text = JSON.stringify(ice)
    if (this.closed || text === this.iceText) return
    this.iceText = text
    this.connection.setConfiguration({ ...ice, ...BUNDLED })
  }

  /** Sends these tracks from now on; a slot that is not named stays as it is. */
  setTracks(tracks: LocalTracks): void {
    this.tracks = { ...this.tracks, ...tracks }
    if (!this.closed) this.sendTracks()
  }

  /** Ends without a word: another link between the same pages takes over. */
  giveWay(): void {
    if (!this.closed) this.end()
  }

  close(): void {
    if (this.closed) return
    if (!this.silent) this.channel.post({ bye: true })
    this.end()
  }

  private hear(body: SignalBody): void {
    if (!makesSense(body)) this.complain('a word that makes no sense')
    else if ('bye' in body) this.left()
    else if ('sends' in body) {
      this.theirs = body.sends
      this.show()
      this.expectTheirs()
    } else if ('watches' in body) {
      this.watched = body.watches
      this.sendTracks()
    } else if ('quality' in body) {
      this.report = body.quality
      this.expectTheirs()
      this.options.onQuality?.(body.quality)
    } else this.negotiation.take(body)
  }

  private left(): void {
    this.end()
    this.line.left()
  }

  private prepare(): void {
    this.fitPictures()
    this.sendTracks()
  }

  private fitPictures(): void {
    this.fitted = this.fitted.then(() => (this.closed ? undefined : this.pictures.apply(this.step())))
  }

  private step(): Step {
    if (!this.lineKnown) return 'first'
    return this.rung === 'full' && this.shared ? 'shared' : this.rung
  }

  private sendTracks(): void {
    if (this.silent) return
    const sent = SLOTS.filter((slot) => this.sendTrack(slot))
    this.announce(sent)
  }

  /** Whether there is something to send, wanted or not. */
  private sendTrack(slot: Slot): boolean {
    const waits = slot === 'desk.video' && !this.facesSeen
    const track = waits ? null : (this.tracks[slot] ?? null)
    this.put(slot, this.watched.includes(slot) ? track : null)
    return track !== null
  }

  private put(slot: Slot, track: MediaStreamTrack | null): void {
    const sender = this.negotiation.sender(slot)
    if (sender === undefined || sender.track === track) return
    if (slot === 'desk.video' && track !== null) preferSharpness(track, sender)
    sender.replaceTrack(track).then(
      () => this.options.onSending?.(),
      (error: unknown) => this.complain(error),
    )
  }

  private announce(sends: Slot[]): void {
    if (this.announced === JSON.stringify(sends)) return
    this.announced = JSON.stringify(sends)
    this.channel.post({ sends })
  }

  private expectTheirs(): void {
    if (!this.silent && this.theirs !== null) this.line.expect(anythingArrives(this.report) && this.theirs.some((slot) => this.watches.includes(slot)))
  }

  private arrives(kind: StreamKind, stream: MediaStream): void {
    this.streams.set(kind, stream)
    this.show()
  }

  private show(): void {
    for (const kind of new Set((this.theirs ?? []).map(kindOf))) {
      const stream = this.streams.get(kind)
      if (stream === undefined || this.shown.has(kind)) continue
      this.shown.add(kind)
      this.options.onTrack(kind, stream)
    }
  }

  private stateChanged(state: LinkState): void {
    if (state === 'up' && !this.facesSeen) {
      this.facesSeen = true
      this.sendTracks()
      this.cancelFull = this.timers.after(FULL_AFTER_MS, () => {
        this.lineKnown = true
        this.fitPictures()
      })
    }
    this.options.onState(state)
  }

  private end(): void {
    this.closed = true
    this.cancelFull()
    this.line.end()
    this.channel.close()
    this.negotiation.close()
  }

  private complain(error: unknown): void {
    if (!this.closed) console.warn('peer link', error)
  }
}

function addressOf({ room, session, toSession, link }: LinkAddress): LinkAddress {
  return { room, session, toSession, link }
}
