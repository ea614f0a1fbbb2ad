import type { Timers } from '../wire/timers.ts'

export interface RecoveryOptions {
  /** The polite side begins; the other one waits, so that offers rarely collide. */
  polite: boolean
  /** Looks for another path within the same connection. */
  restart: () => void
  /** Begins a new connection in place of this one. */
  renew: () => void
  /** Whether the other side hears what is said: before, nothing can be expected of it. */
  isHeard: () => boolean
  timers: Timers
}

const IMPOLITE_WAITS_MS = 1500
/** A path that is there is found within a second; a relay over a poor line needs two. */
const EVERY_MS = 3000
/** How many restarts that the other side has heard of may be in vain. */
const RESTARTS = 2

/**
 * Brings a cut connection back: ICE restarts first, since they keep what is set up; when these are
 * in vain, a new connection. While the signalling is down too, it only waits.
 */
export class Recovery {
  private tried = 0
  private running = false
  private cancel: () => void = () => undefined

  constructor(private readonly options: RecoveryOptions) {}

  begin(): void {
    if (this.running) return
    this.running = true
    this.tried = 0
    this.schedule(this.options.polite ? 0 : IMPOLITE_WAITS_MS)
  }

  end(): void {
    this.running = false
    this.cancel()
  }

  private schedule(delayMs: number): void {
    this.cancel = this.options.timers.after(delayMs, () => this.next())
  }

  private next(): void {
    const { isHeard, restart, renew } = this.options
    if (this.tried >= RESTARTS && isHeard()) return renew()
    if (isHeard()) this.tried += 1
    restart()
    this.schedule(EVERY_MS)
  }
}
