import type { Timers } from '../wire/timers.ts'
import { readStats } from './stats.ts'

/**
 * `up`: connected and media flows (again); `lost`: it was up and has been cut for two seconds;
 * `failed`: no connection came about. After `lost` and `failed` the link goes on trying.
 */
export type LinkState = 'up' | 'lost' | 'failed'

export interface LineWatchOptions {
  connection: RTCPeerConnection
  /** The polite side looks for another path first. */
  polite: boolean
  restart: () => void
  onState: (state: LinkState) => void
  timers: Timers
}

const LOST_AFTER_MS = 2000
const MEDIA_POLL_MS = 50

/** How long a side waits before it restarts ICE: the polite one first, so that offers rarely collide. */
const RESTART_MS = { polite: 700, impolite: 2200 }
const RESTART_EVERY_MS = 5000

/** Tells how the line of a connection is, and has another path looked for while it is cut. */
export class LineWatch {
  private state: LinkState | null = null
  /** Whether media comes from the other side once connected; null while nobody expects any. */
  private media: boolean | null = null
  private ended = false
  private cancelLost: () => void = () => undefined
  private cancelRestart: () => void = () => undefined
  private cancelPoll: () => void = () => undefined

  constructor(private readonly options: LineWatchOptions) {
    options.connection.onconnectionstatechange = () => this.changed()
  }

  /** From now on its state is of interest: both sides may send, and the other one does or not. */
  expect(media: boolean): void {
    this.media = media
    this.changed()
  }

  /** The other side took its leave. */
  left(): void {
    this.end()
    this.say('lost')
  }

  end(): void {
    this.ended = true
    this.cancelLost()
    this.cancelRestart()
    this.cancelPoll()
  }

  private changed(): void {
    const { connection, polite, timers } = this.options
    if (this.ended) return
    switch (connection.connectionState) {
      case 'connected':
        this.cancelLost()
        this.cancelRestart()
        this.cancelPoll()
        this.pollMedia()
        break
      case 'disconnected':
        this.cancelLost()
        this.cancelLost = timers.after(LOST_AFTER_MS, () => this.cut())
        this.scheduleRestart(polite ? RESTART_MS.polite : RESTART_MS.impolite)
        break
      case 'failed':
        this.cancelLost()
        this.cut()
        this.scheduleRestart(polite ? 0 : RESTART_MS.impolite)
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
    this.cancelRestart = this.options.timers.after(delayMs, () => {
      if (this.options.connection.connectionState === 'connected') return
      this.options.restart()
      this.scheduleRestart(RESTART_EVERY_MS)
    })
  }

  /** Connected is not yet seen or heard: `up` waits for the first packet of media. */
  private pollMedia(): void {
    const { connection, timers } = this.options
    if (this.media === null || this.cannotFlow()) return
    const again = () => {
      this.cancelPoll = timers.after(MEDIA_POLL_MS, () => this.pollMedia())
    }
    readStats(connection).then(({ inbound }) => {
      if (this.cannotFlow()) return
      if (this.media === false || inbound.some((track) => track.packetsReceived > 0)) this.say('up')
      else again()
    }, again)
  }

  private cannotFlow(): boolean {
    return this.ended || this.options.connection.connectionState !== 'connected'
  }

  private say(state: LinkState): void {
    if (this.media === null || this.state === state) return
    this.state = state
    this.options.onState(state)
  }
}
