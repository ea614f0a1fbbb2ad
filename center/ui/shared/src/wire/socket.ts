import { type BackoffRules, backoffMs } from './backoff.ts'
import { Listeners } from './listeners.ts'
import { realTimers, type Timers } from './timers.ts'

/** `refused` is final: the other side said that coming again is of no use. */
export type SocketState = 'idle' | 'connecting' | 'online' | 'offline' | 'refused'

/** WebSocket close codes after which reconnecting is of no use. */
export const CloseCode = { signedOut: 4401, forbidden: 4403, protocol: 4406, replaced: 4409 } as const

/** Up for so long, a connection is a good one; who is welcomed and thrown out, over and over, comes ever later. */
const STEADY_MS = 10_000

const FINAL = new Set<number>(Object.values(CloseCode))

export interface SocketOptions<In, Out> {
  url: string
  /** First frame of every connection; `lastSeq` is the newest event seen, 0 for none. */
  hello?: (lastSeq: number) => Out
  /** Whether this frame says that hello was accepted; without it the first frame does. */
  isWelcome?: (frame: In) => boolean
  /** Longest time from dialling to the welcome before the connection is given up. */
  welcomeMs?: number
  backoff?: BackoffRules
  open?: (url: string) => WebSocket
  timers?: Timers
  random?: () => number
}

/**
 * A WebSocket of JSON frames that comes back by itself. Knows nothing of what the frames mean,
 * except that pushes carry `seq`. Frames are delivered in the order of the wire.
 */
export class ReconnectingSocket<In extends { type: string }, Out> {
  readonly frames = new Listeners<[frame: In]>()
  readonly states = new Listeners<[state: SocketState, closeCode: number | null]>()
  state: SocketState = 'idle'
  lastSeq = 0

  private socket: WebSocket | null = null
  private attempt = 0
  private cancelTimer: () => void = () => undefined

  constructor(private readonly options: SocketOptions<In, Out>) {}

  start(): void {
    if (this.socket === null) this.dial()
  }

  /** Ends the connection for good, until `start` is called again. */
  stop(): void {
    this.drop()
    this.attempt = 0
    this.enter('idle', null)
  }

  /** Tries again now instead of after the backoff, for instance when the network came back. */
  poke(): void {
    if (this.state === 'offline') this.dial()
  }

  /** Drops a connection that does not answer any more, and dials anew. */
  redial(): void {
    if (this.socket !== null) this.lose(null)
  }

  /** Whether the frame went out; false while there is no accepted connection. */
  send(frame: Out): boolean {
    if (this.state !== 'online' || this.socket === null) return false
    this.socket.send(JSON.stringify(frame))
    return true
  }

  private get timers(): Timers {
    return this.options.timers ?? realTimers
  }

  private dial(): void {
    this.drop()
    const { url, open = (address: string) => new WebSocket(address), hello } = this.options
    const socket = open(url)
    this.socket = socket
    this.enter('connecting', null)
    this.cancelTimer = this.timers.after(this.options.welcomeMs ?? 8000, () => this.lose(null))
    socket.onopen = () => {
      if (hello) socket.send(JSON.stringify(hello(this.lastSeq)))
    }
    socket.onmessage = ({ data }: MessageEvent<string>) => this.receive(data)
    socket.onclose = ({ code }: CloseEvent) => this.lose(code)
  }

  private receive(text: string): void {
    const frame = parseFrame<In>(text)
    if (frame === null) return
    if (this.state === 'connecting' && (this.options.isWelcome?.(frame) ?? true)) {
      this.cancelTimer()
      this.cancelTimer = this.timers.after(STEADY_MS, () => (this.attempt = 0))
      this.enter('online', null)
    }
    this.frames.call(frame)
    // A welcome names the head of the log, not something that was delivered.
    if (!this.options.isWelcome?.(frame)) this.lastSeq = Math.max(this.lastSeq, seqOf(frame))
  }

  private lose(code: number | null): void {
    this.drop()
    if (code !== null && FINAL.has(code)) {
      this.enter('refused', code)
      return
    }
    const rules = this.options.backoff ?? { baseMs: 300, capMs: 6000 }
    const delay = backoffMs(this.attempt, rules, this.options.random)
    this.attempt += 1
    this.cancelTimer = this.timers.after(delay, () => this.dial())
    this.enter('offline', code)
  }

  private drop(): void {
    this.cancelTimer()
    const socket = this.socket
    this.socket = null
    if (socket === null) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }

  private enter(state: SocketState, code: number | null): void {
    if (this.state === state) return
    this.state = state
    this.states.call(state, code)
  }
}

function parseFrame<In extends { type: string }>(text: string): In | null {
  try {
    const frame: unknown = JSON.parse(text)
    if (typeof frame === 'object' && frame !== null && 'type' in frame) return frame as In
  } catch {
    // Falls through: whatever it was, it is not a frame.
  }
  console.warn('frame that is not a JSON object with a type was ignored')
  return null
}

function seqOf(frame: object): number {
  return 'seq' in frame && typeof frame.seq === 'number' ? frame.seq : 0
}
