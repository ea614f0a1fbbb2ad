import { realTimers, type Timers } from '@jiujin/shared'

interface DeskLinkOptions {
  /** Hands the offer to the agent; false when the agent cannot hear it now. */
  offer: (sdp: string) => boolean
  /** Tells the agent whether to go on making pictures; false when it cannot hear it now. */
  need: (needed: boolean) => boolean
  /** The live track of the document camera, or null while there is none. */
  changed: (track: MediaStreamTrack | null) => void
  createConnection?: () => RTCPeerConnection
  timers?: Timers
}

const RETRY_MS = 2000
const ANSWER_WITHIN_MS = 6000
const LOST_AFTER_MS = 2500

/**
 * The loopback connection over which the agent sends the document camera. It is made anew when
 * the agent comes back or the connection dies, as often as it takes while it is wanted; the old
 * track is shown until the new one is there.
 */
export class DeskLink {
  private wanted = false
  private needed = true
  /** What the agent knows of it; null before the first picture, without which nobody knows of a desk. */
  private told: boolean | null = null
  private connection: RTCPeerConnection | null = null
  private track: MediaStreamTrack | null = null
  private cancelTimer: () => void = () => undefined
  private readonly timers: Timers

  constructor(private readonly options: DeskLinkOptions) {
    this.timers = options.timers ?? realTimers
  }

  open(): void {
    if (this.wanted) return
    this.wanted = true
    void this.connect()
  }

  close(): void {
    this.wanted = false
    this.drop()
    this.show(null)
  }

  /** Whether anybody looks: if not, the agent makes no pictures, and the last one stays. */
  need(needed: boolean): void {
    this.needed = needed
    this.tell()
  }

  /** The agent is (back) on the socket; whatever it knew of us before may be gone. */
  agentIsBack(): void {
    if (this.wanted) void this.connect()
  }

  async answer(sdp: string): Promise<void> {
    const { connection } = this
    if (connection?.signalingState !== 'have-local-offer') return
    try {
      await connection.setRemoteDescription({ type: 'answer', sdp })
    } catch (error) {
      console.warn('desk answer', error)
      this.again(RETRY_MS)
    }
  }

  failed(): void {
    this.again(RETRY_MS)
  }

  private async connect(): Promise<void> {
    this.drop()
    this.told = null
    const connection = this.options.createConnection?.() ?? new RTCPeerConnection({ iceServers: [] })
    this.connection = connection
    connection.addTransceiver('video', { direction: 'recvonly' })
    connection.ontrack = ({ track }) => this.arrived(connection, track)
    connection.onconnectionstatechange = () => this.connectionChanged(connection)
    this.again(ANSWER_WITHIN_MS)
    await connection.setLocalDescription(await connection.createOffer())
    await gathered(connection)
    const sdp = connection.localDescription?.sdp
    if (this.connection !== connection || sdp === undefined) return
    if (!this.options.offer(sdp)) this.again(RETRY_MS)
  }

  private arrived(connection: RTCPeerConnection, track: MediaStreamTrack): void {
    if (this.connection !== connection) return
    // Muted means that no picture has come yet: what is shown now is better than black.
    if (!track.muted) this.begins(track)
    track.onunmute = () => {
      if (this.connection === connection) this.begins(track)
    }
  }

  private connectionChanged(connection: RTCPeerConnection): void {
    if (this.connection !== connection) return
    if (connection.connectionState === 'connected') this.cancelTimer()
    if (connection.connectionState === 'disconnected') this.again(LOST_AFTER_MS)
    if (connection.connectionState === 'failed') this.again(0)
  }

  private again(delayMs: number): void {
    this.cancelTimer()
    this.cancelTimer = this.timers.after(delayMs, () => {
      if (this.wanted) void this.connect()
    })
  }

  private begins(track: MediaStreamTrack): void {
    this.told ??= true
    this.show(track)
    this.tell()
  }

  private tell(): void {
    if (this.told !== null && this.told !== this.needed && this.options.need(this.needed)) this.told = this.needed
  }

  private show(track: MediaStreamTrack | null): void {
    if (this.track === track) return
    this.track = track
    this.options.changed(track)
  }

  private drop(): void {
    this.cancelTimer()
    const { connection } = this
    this.connection = null
    if (connection === null) return
    connection.ontrack = connection.onconnectionstatechange = null
    connection.close()
  }
}

/** The agent takes one offer with all candidates in it; on loopback they are there at once. */
function gathered(connection: RTCPeerConnection): Promise<void> {
  if (connection.iceGatheringState === 'complete') return Promise.resolve()
  return new Promise((resolve) => {
    connection.onicegatheringstatechange = () => {
      if (connection.iceGatheringState === 'complete') resolve()
    }
  })
}
