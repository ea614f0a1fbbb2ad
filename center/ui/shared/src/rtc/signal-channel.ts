import { realTimers, type Timers } from '../wire/timers.ts'

/**
 * A reliable, ordered channel between two pages over the center's blind relay.
 *
 * The relay may lose a payload (a socket was down), repeat it (it was sent again) or mix the order.
 * So every body is numbered from 1 for this pair of links: what was still under way when the two
 * pages last parted must not be taken for a word of their next talk. The receiver drops what it
 * has, waits for what is missing, delivers in order and acknowledges cumulatively; the sender keeps
 * what is not acknowledged and sends it again after a silence, when told that the line is back, and
 * when the other end repeats itself, which shows the same.
 * An envelope without body carries only its acknowledgement and has `n` 0. `to_link` is 0 until
 * something was heard from there.
 */
export interface Envelope<Body> {
  room: string
  session: string
  to_session: string
  link: number
  to_link: number
  n: number
  ack: number
  body?: Body
}

export interface LinkAddress {
  room: string
  /** Instance of this page and of the page at the other end; a reloaded page has a new one. */
  session: string
  toSession: string
  /** Counts this page's links from 1: of two links of one page the later has the larger number. */
  link: number
}

export interface SignalChannelOptions<Body> extends LinkAddress {
  /** Hands a payload to the relay; may fail silently. */
  send: (payload: string) => void
  deliver: (body: Body) => void
  /** The other page began anew with this payload; nothing will come of this channel any more. */
  onRenewed: (payload: string) => void
  timers?: Timers
}

/** Long enough for an answer to carry the acknowledgement, well below the first repetition. */
const ACK_DELAY_MS = 250
const RESEND_FIRST_MS = 1000
const RESEND_MAX_MS = 8000
/** Bodies held while an earlier one is missing; the sender repeats what falls out. */
const HELD_LIMIT = 256

export class SignalChannel<Body> {
  /** The link at the other end, once it was heard. */
  private toLink = 0
  private sent = 0
  private delivered = 0
  private unacked: { n: number; body: Body }[] = []
  private readonly held = new Map<number, Body>()
  private resendMs = RESEND_FIRST_MS
  private cancelResend: (() => void) | null = null
  private cancelAck: (() => void) | null = null
  private cancelEcho: (() => void) | null = null
  private closed = false
  private readonly timers: Timers

  constructor(private readonly options: SignalChannelOptions<Body>) {
    this.timers = options.timers ?? realTimers
  }

  /** Bodies that the other end has not acknowledged yet. */
  get pending(): number {
    return this.unacked.length
  }

  /** Whether the other end lately acknowledged what was said to it. */
  get isHeard(): boolean {
    return this.resendMs === RESEND_FIRST_MS
  }

  post(body: Body): void {
    if (this.closed) return
    this.sent += 1
    this.unacked.push({ n: this.sent, body })
    this.transmit(this.sent, body)
    if (this.cancelResend === null) this.scheduleResend()
  }

  /** Takes a payload off the relay; what is not meant for this pair of pages is ignored. */
  receive(payload: string): void {
    const envelope = parseEnvelope<Body>(payload)
    if (this.closed || envelope === null || !this.concerns(envelope)) return
    if (this.toLink !== 0 && envelope.link > this.toLink) return this.options.onRenewed(payload)
    this.toLink = envelope.link
    const isNews = this.acknowledged(envelope.ack) || envelope.n > this.delivered
    if (!isNews) this.echo()
    if (envelope.body === undefined) return
    if (envelope.n > this.delivered && this.held.size < HELD_LIMIT) {
      this.held.set(envelope.n, envelope.body)
    }
    this.cancelAck ??= this.timers.after(ACK_DELAY_MS, () => this.transmit(0))
    this.deliverHeld()
  }

  /** The line is back: sends again at once whatever is not acknowledged, or else a sign of life. */
  resend(): void {
    if (this.closed) return
    if (this.unacked.length === 0) this.transmit(0)
    this.repeat()
  }

  /** Once for all that the other end repeats at a time: answered one by one, repetitions would breed. */
  private echo(): void {
    if (this.cancelEcho !== null) return
    this.cancelEcho = this.timers.after(RESEND_FIRST_MS, () => (this.cancelEcho = null))
    this.repeat()
  }

  private repeat(): void {
    if (this.unacked.length === 0) return
    for (const { n, body } of this.unacked) this.transmit(n, body)
    this.scheduleResend()
  }

  close(): void {
    this.closed = true
    this.cancelResend?.()
    this.cancelAck?.()
    this.cancelEcho?.()
    this.unacked = []
    this.held.clear()
  }

  private concerns(envelope: Envelope<Body>): boolean {
    const { room, session, toSession, link } = this.options
    const ofThesePages = envelope.session === toSession && envelope.to_session === session
    const isLate = envelope.link < this.toLink || (envelope.to_link !== 0 && envelope.to_link !== link)
    return envelope.room === room && ofThesePages && !isLate
  }

  private deliverHeld(): void {
    for (;;) {
      const next = this.held.get(this.delivered + 1)
      if (next === undefined) return
      this.delivered += 1
      this.held.delete(this.delivered)
      this.options.deliver(next)
    }
  }

  /** Whether that was not known. */
  private acknowledged(upTo: number): boolean {
    const before = this.unacked.length
    this.unacked = this.unacked.filter(({ n }) => n > upTo)
    if (this.unacked.length === before) return false
    this.resendMs = RESEND_FIRST_MS
    this.scheduleResend()
    return true
  }

  private scheduleResend(): void {
    this.cancelResend?.()
    this.cancelResend = null
    if (this.unacked.length === 0) return
    this.cancelResend = this.timers.after(this.resendMs, () => {
      this.resendMs = Math.min(RESEND_MAX_MS, this.resendMs * 2)
      this.resend()
    })
  }

  /** Every envelope carries the newest acknowledgement, so a waiting one is spared. */
  private transmit(n: number, body?: Body): void {
    this.cancelAck?.()
    this.cancelAck = null
    const { room, session, toSession, link, send } = this.options
    const ends = { room, session, to_session: toSession, link, to_link: this.toLink }
    const envelope: Envelope<Body> = { ...ends, n, ack: this.delivered }
    send(JSON.stringify(body === undefined ? envelope : { ...envelope, body }))
  }
}

function parseEnvelope<Body>(payload: string): Envelope<Body> | null {
  try {
    const value: unknown = JSON.parse(payload)
    return isEnvelope<Body>(value) ? value : null
  } catch {
    return null
  }
}

function isEnvelope<Body>(value: unknown): value is Envelope<Body> {
  if (typeof value !== 'object' || value === null) return false
  const { room, session, to_session, link, to_link, n, ack } = value as Partial<Envelope<Body>>
  const named = [room, session, to_session].every((name) => typeof name === 'string')
  return named && [link, to_link, n, ack].every(Number.isSafeInteger)
}
