import { realTimers, type Timers } from '../wire/timers.ts'
import type { PagePoint } from './geometry.ts'

/** The center's limit: 20 a second. */
export const POINTER_PERIOD_MS = 50

/** Sends where somebody points: the first place at once, then the newest one each period. */
export class PointerSender {
  private waiting: { sha256: string; at: PagePoint | null } | null = null
  private resting = false

  constructor(
    private readonly send: (sha256: string, at: PagePoint | null) => void,
    private readonly timers: Timers = realTimers,
  ) {}

  /** `at` null takes the pointer away. */
  move(sha256: string, at: PagePoint | null): void {
    this.waiting = { sha256, at }
    if (!this.resting) this.flush()
  }

  private flush(): void {
    this.resting = this.waiting !== null
    if (this.waiting === null) return
    const { sha256, at } = this.waiting
    this.waiting = null
    this.send(sha256, at)
    this.timers.after(POINTER_PERIOD_MS, () => this.flush())
  }
}
