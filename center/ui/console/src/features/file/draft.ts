import { realTimers, type Timers } from '@jiujin/shared'

export interface Draft {
  notes: string
  advice: string
}

export type DraftState = 'clean' | 'typing' | 'saving'

export interface DraftKeeperOptions {
  /** Resolves when the center has kept the draft; repeats by itself over outages. */
  save: (draft: Draft) => Promise<void>
  onChange: () => void
  timers?: Timers
}

const QUIET_MS = 700
const RETRY_MS = 3000

/**
 * Keeps what is typed until the center has it. One save is under way at a time; what is typed
 * meanwhile follows it; a refused save is tried again with the newest text.
 */
export class DraftKeeper {
  state: DraftState = 'clean'
  draft: Draft
  private readonly timers: Timers
  private cancel: () => void = () => undefined
  private closed = false
  private edited = false

  constructor(
    initial: Draft,
    private readonly options: DraftKeeperOptions,
  ) {
    this.draft = initial
    this.timers = options.timers ?? realTimers
  }

  edit(change: Partial<Draft>): void {
    this.edited = true
    this.draft = { ...this.draft, ...change }
    if (this.state !== 'saving') this.enter('typing')
    this.schedule(QUIET_MS)
  }

  /**
   * What the center has, typed on another page. Once something was typed here this page leads: a
   * view that was read before our save was kept may arrive after it, and must not undo it.
   */
  adopt(kept: Draft): void {
    if (this.edited) return
    this.draft = kept
    this.options.onChange()
  }

  /** Saves now instead of after a silence. */
  flush(): void {
    if (this.state === 'typing') void this.save()
  }

  /** The consultation was filed with its texts, or belongs to somebody else now. */
  close(): void {
    this.closed = true
    this.cancel()
  }

  private schedule(delayMs: number): void {
    this.cancel()
    if (this.state !== 'saving' && !this.closed) {
      this.cancel = this.timers.after(delayMs, () => void this.save())
    }
  }

  private async save(): Promise<void> {
    this.cancel()
    const sent = this.draft
    this.enter('saving')
    const kept = await this.options.save(sent).then(
      () => true,
      () => false,
    )
    const done = kept && this.draft === sent
    this.enter(done ? 'clean' : 'typing')
    if (!done) this.schedule(kept ? 0 : RETRY_MS)
  }

  private enter(state: DraftState): void {
    this.state = state
    if (!this.closed) this.options.onChange()
  }
}
