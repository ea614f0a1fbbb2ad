import type { Ack, ErrorCode, Refusal } from '../generated/center'
import { Listeners } from './listeners.ts'
import { ReconnectingSocket, type SocketOptions } from './socket.ts'
import { realTimers, type Timers } from './timers.ts'

/** Why a request failed: the center's own code, or `disconnected` when nobody can know. */
export type RequestErrorCode = ErrorCode | 'disconnected'

export class RequestError extends Error {
  constructor(
    readonly code: RequestErrorCode,
    detail = '',
  ) {
    super(detail === '' ? code : `${code}: ${detail}`)
    this.name = 'RequestError'
  }
}

type WithoutId<Frame> = Frame extends { id: number } ? Omit<Frame, 'id'> : never

/** A request as its caller writes it; the id is given by the socket. */
export type RequestOf<Out> = WithoutId<Out>

export interface RequestOptions {
  /** Ask again after a reconnect until it is answered; only for requests that may be repeated. */
  keep?: boolean
}

interface Pending<Out> {
  request: RequestOf<Out>
  keep: boolean
  resolve: () => void
  reject: (error: RequestError) => void
}

const PING_EVERY_MS = 10_000
const PONG_WITHIN_MS = 5000

/**
 * Requests with rising ids over a ReconnectingSocket: each is a promise, resolved by its `ack` and
 * rejected by its `error`. A ping that stays unanswered means a dead line, which is dialled anew.
 */
export class RequestSocket<In extends { type: string }, Out extends { type: string }> {
  /** Refusals that answer no request of ours. */
  readonly refusals = new Listeners<[refusal: Refusal]>()
  readonly socket: ReconnectingSocket<In, Out>
  private readonly pending = new Map<number, Pending<Out>>()
  private readonly timers: Timers
  private nextId = 1
  private cancelPing: () => void = () => undefined

  constructor(options: SocketOptions<In, Out>, private readonly ping?: RequestOf<Out>) {
    this.socket = new ReconnectingSocket(options)
    this.timers = options.timers ?? realTimers
    this.socket.frames.add((frame) => this.settle(frame as { type: string }))
    this.socket.states.add((state) => {
      if (state === 'online') this.cameBack()
      else if (state !== 'connecting') this.wentAway(state !== 'offline')
    })
  }

  request(request: RequestOf<Out>, { keep = false }: RequestOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const pending = { request, keep, resolve, reject }
      if (this.socket.state !== 'online' && !keep) reject(new RequestError('disconnected'))
      else this.send(pending)
    })
  }

  private send(pending: Pending<Out>): void {
    const id = this.nextId++
    this.pending.set(id, pending)
    this.socket.send({ ...pending.request, id } as unknown as Out)
  }

  private settle(frame: { type: string }): void {
    if (frame.type === 'ack') this.take((frame as Ack).re)?.resolve()
    if (frame.type !== 'error') return
    const refusal = frame as Refusal
    const pending = refusal.re === null ? undefined : this.take(refusal.re)
    if (pending) pending.reject(new RequestError(refusal.code, refusal.detail))
    else this.refusals.call(refusal)
  }

  private take(id: number): Pending<Out> | undefined {
    const pending = this.pending.get(id)
    this.pending.delete(id)
    return pending
  }

  private cameBack(): void {
    const kept = [...this.pending.values()]
    this.pending.clear()
    for (const pending of kept) this.send(pending)
    this.schedulePing()
  }

  private wentAway(forGood: boolean): void {
    this.cancelPing()
    for (const [id, pending] of this.pending) {
      if (pending.keep && !forGood) continue
      this.pending.delete(id)
      pending.reject(new RequestError('disconnected'))
    }
  }

  private schedulePing(): void {
    this.cancelPing()
    const { ping } = this
    if (ping === undefined) return
    this.cancelPing = this.timers.after(PING_EVERY_MS, () => {
      this.cancelPing = this.timers.after(PONG_WITHIN_MS, () => this.socket.redial())
      const answered = () => {
        if (this.socket.state === 'online') this.schedulePing()
      }
      this.request(ping).then(answered, answered)
    })
  }
}
