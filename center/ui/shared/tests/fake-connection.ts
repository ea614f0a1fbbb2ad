let serial = 0

class FakeStream {
  readonly id = `stream-${(serial += 1)}`
  readonly tracks: unknown[] = []

  addTrack(track: unknown): void {
    this.tracks.push(track)
  }
}

/** Enough of MediaStream for jsdom, which has none. */
export function installMediaStream(): void {
  Object.assign(globalThis, { MediaStream: FakeStream })
}

export function fakeTrack(kind: 'audio' | 'video'): MediaStreamTrack {
  return { kind, id: `track-${(serial += 1)}`, contentHint: '' } as MediaStreamTrack
}

interface Sdp {
  serial: number
  places: { kind: 'audio' | 'video'; stream: string }[]
  iceRestart: boolean
}

class FakeSender {
  track: MediaStreamTrack | null = null
  stream = ''
  parameters: { degradationPreference?: string; encodings: object[] } = { encodings: [{}] }

  setStreams(...streams: MediaStream[]): void {
    this.stream = streams[0]?.id ?? ''
  }

  replaceTrack(next: MediaStreamTrack | null): Promise<void> {
    this.track = next
    return Promise.resolve()
  }

  getParameters() {
    return { ...this.parameters }
  }

  setParameters(parameters: { degradationPreference?: string; encodings: object[] }): Promise<void> {
    this.parameters = parameters
    return Promise.resolve()
  }
}

/** What a real description says of the sound: `red` after Opus. */
const SOUND = '\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63\na=rtpmap:63 red/48000/2'

function read(description: RTCSessionDescriptionInit | null): Partial<Sdp> {
  return JSON.parse(description?.sdp?.split('\n')[0] ?? '{}') as Partial<Sdp>
}

/** One place of the connection. */
class FakeTransceiver {
  readonly sender = new FakeSender()

  constructor(
    readonly kind: 'audio' | 'video',
    public direction: string,
    readonly sizes = 1,
  ) {}
}

/**
 * The signalling half of RTCPeerConnection: states, implicit rollback, negotiation-needed, ICE
 * restart. No media; the test says when it is connected and what the statistics show.
 */
export class FakeConnection {
  onnegotiationneeded: (() => void) | null = null
  onicecandidate: ((event: { candidate: { toJSON(): RTCIceCandidateInit } | null }) => void) | null = null
  ontrack: ((event: { transceiver: unknown; track: MediaStreamTrack }) => void) | null = null
  onconnectionstatechange: (() => void) | null = null
  signalingState: RTCSignalingState = 'stable'
  connectionState: RTCPeerConnectionState = 'new'
  localDescription: RTCSessionDescriptionInit | null = null
  remoteDescription: RTCSessionDescriptionInit | null = null
  readonly transceivers: FakeTransceiver[] = []
  offers = 0
  rollbacks = 0
  restarts = 0
  packets = 0
  private needed = false
  private restarting = false

  constructor(public configuration: RTCConfiguration) {}

  setConfiguration(configuration: RTCConfiguration): void {
    if (this.connectionState === 'closed') throw new Error('InvalidStateError')
    this.configuration = configuration
  }

  addTransceiver(kind: 'audio' | 'video', { direction, streams, sendEncodings }: RTCRtpTransceiverInit): FakeTransceiver {
    const transceiver = new FakeTransceiver(kind, direction ?? 'sendrecv', sendEncodings?.length)
    this.transceivers.push(transceiver)
    transceiver.sender.setStreams(...(streams ?? []))
    this.need()
    return transceiver
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers
  }

  get currentRemoteDescription(): RTCSessionDescriptionInit | null {
    return this.remoteDescription
  }

  /** Payload types of the sound, by the other side's preference: the first is sent. */
  get soundCodecs(): string | undefined {
    return /^m=audio .* (\d+ \d+)$/m.exec(this.remoteDescription?.sdp ?? '')?.[1]
  }

  /** What is being sent, slot by slot. */
  get sent(): (MediaStreamTrack | null)[] {
    return this.transceivers.map(({ sender }) => sender.track)
  }

  restartIce(): void {
    this.restarts += 1
    this.restarting = true
    this.need()
  }

  async setLocalDescription(): Promise<void> {
    await Promise.resolve()
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer'
    const sdp: Sdp = {
      serial: (serial += 1),
      places: this.transceivers.map(({ kind, sender }) => ({ kind, stream: sender.stream })),
      iceRestart: type === 'offer' && this.restarting,
    }
    this.localDescription = { type, sdp: JSON.stringify(sdp) + SOUND }
    this.needed = false
    if (type === 'offer') {
      this.offers += 1
      this.restarting = false
      this.signalingState = 'have-local-offer'
      void this.gather(sdp.serial)
    } else this.becomeStable()
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    await Promise.resolve()
    if (description.type === 'offer' && this.signalingState === 'have-local-offer') {
      this.rollbacks += 1
      this.signalingState = 'stable'
      this.needed = true
    }
    if (description.type === 'answer' && this.signalingState !== 'have-local-offer') {
      throw new Error('answer to no offer')
    }
    this.remoteDescription = description
    const { places } = read(description)
    for (const [index, { kind }] of (places ?? []).entries()) {
      const transceiver = (this.transceivers[index] ??= new FakeTransceiver(kind, 'recvonly'))
      this.ontrack?.({ transceiver, track: fakeTrack(kind) })
    }
    if (description.type === 'offer') this.signalingState = 'have-remote-offer'
    else this.becomeStable()
  }

  async addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    await Promise.resolve()
    const of = read(this.remoteDescription).serial
    if (candidate.candidate !== `of ${of}`) throw new Error('candidate of another description')
  }

  getStats(): Promise<Map<string, unknown>> {
    const inbound = { type: 'inbound-rtp', kind: 'audio', timestamp: 1, packetsReceived: this.packets }
    return Promise.resolve(new Map([['in', inbound]]))
  }

  close(): void {
    this.signalingState = 'closed'
    this.connectionState = 'closed'
  }

  /** The test's way of saying what the network did. */
  becomes(state: RTCPeerConnectionState): void {
    this.connectionState = state
    this.onconnectionstatechange?.()
  }

  /** As in a browser, candidates come after the promise of setLocalDescription is settled. */
  private async gather(description: number): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
    const candidate = `of ${description}`
    const { localDescription } = this
    if (localDescription !== null) {
      const sdp = { ...read(localDescription), gathered: `candidate ${candidate}` }
      this.localDescription = { ...localDescription, sdp: JSON.stringify(sdp) + SOUND }
    }
    this.onicecandidate?.({ candidate: { toJSON: () => ({ candidate }) } })
  }

  private becomeStable(): void {
    this.signalingState = 'stable'
    // What was added or rolled back meanwhile is not in the description of this round.
    if (this.needed) this.fire()
  }

  private need(): void {
    if (this.needed) return
    this.needed = true
    this.fire()
  }

  private fire(): void {
    queueMicrotask(() => {
      if (this.needed && this.signalingState === 'stable') this.onnegotiationneeded?.()
    })
  }
}
