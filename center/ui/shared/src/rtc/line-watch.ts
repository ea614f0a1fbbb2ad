import type { Timers } from '../wire/timers.ts'
import type { Recovery } from './recovery.ts'
import { readStats, sum } from './stats.ts'

/**
 * `up`: connected and media flows (again); `lost`: it was up and has been cut for two seconds;
 * `failed`: no connection came about. After `lost` and `failed` the link goes on trying.
 */
export type LinkState = 'up' | 'lost' | 'failed'

export interface LineWatchOptions {
  connection: RTCPeerConnection
  recovery: Pick<Recovery, 'begin' | 'end'>
  onState: (state: LinkState) => void
  timers: Timers
}

const LOST_AFTER_MS = 2000
/** How often the packets are counted: while they are waited for, and while they come. */
const AWAITED_MS = 50
const FLOWING_MS = 500
/** Sound comes fifty times a second, so a second of nothing is a cut; ICE needs five to tell. */
const STALLED_POLLS = 2

/** Tells how the line of a connection is, and has it brought back when it is cut. */
export class LineWatch {
  private state: LinkState | null = null
  /** Whether media comes from the other side once connected; null while nobody expects any. */
  private media: boolean | null = null
  private whole = false
  private broken = false
  private packets = 0
  private stalled = 0
  private ended = false
  private cancelLost: () => void = () => undefined
  private cancelPoll: () => void = () => undefined

  constructor(private readonly options: LineWatchOptions) {
    options.connection.onconnectionstatechange = () => this.changed()
  }

  /** From now on its state is of interest: both sides may send, and the other one does or not. */
  expect(media: boolean): void {
    this.media = media
    this.stalled = 0
    this.changed()
  }

  /** The other side took its leave. */
  left(): void {
    this.end()
    this.say('lost')
  }

  end(): void {
    this.ended = true
    this.options.recovery.end()
    this.cancelLost()
    this.cancelPoll()
  }

  private changed(): void {
    if (this.ended) return
    switch (this.options.connection.connectionState) {
      case 'connected':
        this.poll()
        break
      case 'disconnected':
        this.breaks()
        break
      case 'failed':
        this.breaks()
        this.cancelLost()
        this.cut()
        break
      default:
        break
    }
  }

  /** Connected is not yet seen or heard, and may be no more: only packets tell. */
  private poll(): void {
    this.cancelPoll()
    if (this.cannotFlow()) return
    if (this.media !== true) return this.flows()
    const again = () => {
      this.cancelPoll()
      this.cancelPoll = this.options.timers.after(this.whole ? FLOWING_MS : AWAITED_MS, () => this.poll())
    }
    readStats(this.options.connection).then(({ inbound }) => {
      if (this.cannotFlow()) return
      this.counted(sum(inbound.map(({ packetsReceived }) => packetsReceived)))
      again()
    }, again)
  }

  private counted(packets: number): void {
    const more = packets > this.packets
    this.packets = packets
    if (more) this.flows()
    else if (this.whole && (this.stalled += 1) >= STALLED_POLLS) this.breaks()
  }

  private flows(): void {
    this.whole = true
    this.broken = false
    this.stalled = 0
    this.cancelLost()
    this.options.recovery.end()
    this.say('up')
  }

  private breaks(): void {
    this.whole = false
    if (this.broken) return
    this.broken = true
    this.cancelLost = this.options.timers.after(LOST_AFTER_MS, () => this.cut())
    this.options.recovery.begin()
  }

  private cut(): void {
    this.say(this.state === null || this.state === 'failed' ? 'failed' : 'lost')
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
