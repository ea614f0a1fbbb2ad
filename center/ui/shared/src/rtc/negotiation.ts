import { realTimers, type Timers } from '../wire/timers.ts'
import { FACE_SIZES, kindOf, mediaOf, type Slot, SLOTS, type StreamKind } from './local-tracks.ts'
import { exchangeAgain, withSound } from './redundant-sound.ts'

export type NegotiationBody = { description: RTCSessionDescriptionInit } | { candidates: RTCIceCandidateInit[] }

export interface NegotiationOptions {
  /** Whether this side yields when both offer at once; the other side offers first. */
  polite: boolean
  /** Whether the other end is an engine, which takes the face in two sizes. */
  toEngine: boolean
  connection: RTCPeerConnection
  post: (body: NegotiationBody) => void
  /** There is a sender for each slot from now on. */
  onSenders: () => void
  /** Parameters of senders that are under way: a description set meanwhile would make them invalid. */
  settled: () => Promise<void>
  onStream: (kind: StreamKind, stream: MediaStream) => void
  timers?: Timers
}

/** Candidates of one host come within a few milliseconds, and go out together. */
const TRICKLE_MS = 20

/**
 * Negotiates one RTCPeerConnection by the W3C "perfect negotiation" pattern. The first offer has
 * a place for every slot in both directions, so tracks come, go and are replaced without another.
 */
export class Negotiation {
  private readonly connection: RTCPeerConnection
  private readonly timers: Timers
  private readonly senders = new Map<Slot, RTCRtpSender>()
  private readonly arriving = newStreams()
  private inbox: Promise<void> = Promise.resolve()
  private makingOffer = false
  private ignoringOffer = false
  private settingAnswer = false
  private soundTwice = false
  private mayOffer: boolean
  private closed = false
  private candidates: RTCIceCandidateInit[] = []
  private cancelTrickle: () => void = () => undefined

  constructor(private readonly options: NegotiationOptions) {
    this.connection = options.connection
    this.timers = options.timers ?? realTimers
    this.mayOffer = !options.polite
    this.listen()
    if (!options.polite) this.makePlaces()
  }

  /** Undefined before the other side's first offer, where that is waited for. */
  sender(slot: Slot): RTCRtpSender | undefined {
    return this.senders.get(slot)
  }

  take(body: NegotiationBody): void {
    this.inbox = this.inbox.then(() => this.handle(body)).catch((error: unknown) => this.complain(error))
  }

  /** Looks for another path. With an offer of ours under way a second one would only wait behind it. */
  restart(): void {
    if (this.mayOffer && this.connection.signalingState === 'stable') this.connection.restartIce()
  }

  /** Sends the sound twice from now on, or once. Again is cheap. */
  sendSound(twice: boolean): void {
    if (twice === this.soundTwice) return
    this.soundTwice = twice
    this.inbox = this.inbox.then(() => this.switchSound()).catch((error: unknown) => this.complain(error))
  }

  close(): void {
    this.closed = true
    this.cancelTrickle()
    this.connection.close()
  }

  private listen(): void {
    const { connection } = this
    connection.onnegotiationneeded = () => void this.offer()
    connection.onicecandidate = ({ candidate }) => {
      if (candidate !== null) this.trickle(candidate.toJSON())
    }
    connection.ontrack = ({ transceiver, track }) => {
      const slot = SLOTS[connection.getTransceivers().indexOf(transceiver)]
      if (slot === undefined) return
      // The place says what a track shows; through an engine all of a person's bear one name.
      const stream = this.arriving[kindOf(slot)]
      stream.addTrack(track)
      this.options.onStream(kindOf(slot), stream)
    }
  }

  private makePlaces(): void {
    const streams = newStreams()
    for (const slot of SLOTS) {
      const sizes = this.options.toEngine && slot === 'face.video' && { sendEncodings: [...FACE_SIZES] }
      const place: RTCRtpTransceiverInit = { direction: 'sendrecv', streams: [streams[kindOf(slot)]], ...sizes }
      this.senders.set(slot, this.connection.addTransceiver(mediaOf(slot), place).sender)
    }
  }

  /** The places of the other side's offer are this side's too. */
  private takePlaces(): void {
    const streams = newStreams()
    for (const [index, slot] of SLOTS.entries()) {
      const transceiver = this.connection.getTransceivers()[index]
      if (transceiver === undefined) continue
      transceiver.direction = 'sendrecv'
      transceiver.sender.setStreams(streams[kindOf(slot)])
      this.senders.set(slot, transceiver.sender)
    }
    this.options.onSenders()
  }

  private trickle(candidate: RTCIceCandidateInit): void {
    if (this.candidates.length === 0) this.cancelTrickle = this.timers.after(TRICKLE_MS, () => this.postCandidates())
    this.candidates.push(candidate)
  }

  private postCandidates(): void {
    this.options.post({ candidates: this.candidates })
    this.candidates = []
  }

  private async offer(): Promise<void> {
    if (!this.mayOffer || this.makingOffer || this.closed) return
    try {
      this.makingOffer = true
      await this.options.settled()
      await this.connection.setLocalDescription()
      this.postDescription()
    } catch (error) {
      this.complain(error)
    } finally {
      this.makingOffer = false
    }
  }

  /** With an offer under way there is nothing to do: its answer brings the sound about as well. */
  private async switchSound(): Promise<void> {
    await this.options.settled()
    if (this.closed || this.makingOffer || this.connection.signalingState !== 'stable') return
    try {
      this.makingOffer = true
      await exchangeAgain(this.connection, this.soundTwice)
    } finally {
      this.makingOffer = false
    }
  }

  private postDescription(): void {
    const description = this.connection.localDescription
    if (description === null || this.closed) return
    this.options.post({ description: { type: description.type, sdp: description.sdp } })
  }

  private async handle(body: NegotiationBody): Promise<void> {
    if (this.closed) return
    if ('description' in body) await this.handleDescription(body.description)
    else for (const candidate of body.candidates) await this.handleCandidate(candidate)
  }

  private async handleDescription(description: RTCSessionDescriptionInit): Promise<void> {
    const { connection } = this
    const stable = connection.signalingState === 'stable' || this.settingAnswer
    const collision = description.type === 'offer' && (this.makingOffer || !stable)
    this.ignoringOffer = !this.options.polite && collision
    if (this.ignoringOffer) return
    this.settingAnswer = description.type === 'answer'
    try {
      await connection.setRemoteDescription(this.soundTwice ? withSound(description, true) : description)
    } finally {
      this.settingAnswer = false
    }
    if (description.type !== 'offer') return
    if (this.senders.size === 0) this.takePlaces()
    await this.options.settled()
    await connection.setLocalDescription()
    this.mayOffer = true
    this.postDescription()
  }

  private async handleCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    try {
      await this.connection.addIceCandidate(candidate)
    } catch (error) {
      // Candidates of an offer that was ignored have nothing to belong to.
      if (!this.ignoringOffer) throw error
    }
  }

  private complain(error: unknown): void {
    if (!this.closed) console.warn('negotiation', error)
  }
}

/** What is sent in one stream is kept in step. */
function newStreams(): Record<StreamKind, MediaStream> {
  return { face: new MediaStream(), desk: new MediaStream() }
}
