import { realTimers, type Timers } from '../wire/timers.ts'

/**
 * How long a talk's own screen waits for the other side's first picture. Drawing a new screen takes
 * the processor from the connection it waits for; on two cores that made the picture come a third
 * of a second later. Without a camera at the other end nothing comes, so the wait has an end.
 */
const PICTURE_WITHIN_MS = 1000

/** Says once whether the picture has begun: when it does, or when it has been waited for long enough. */
export class FirstPicture {
  private cancel: () => void = () => undefined
  private stream: MediaStream | null = null

  constructor(
    private readonly said: (waiting: boolean) => void,
    private readonly timers: Timers = realTimers,
  ) {}

  /** The talk was accepted. */
  await(): void {
    this.end()
    this.said(true)
    this.cancel = this.timers.after(PICTURE_WITHIN_MS, () => this.end())
  }

  /** The other side's face arrives; a muted track has no picture yet. */
  arrives(stream: MediaStream): void {
    this.stream = stream
    const [track] = stream.getVideoTracks()
    if (track === undefined) return
    if (!track.muted) this.end()
    else track.addEventListener('unmute', () => this.stream === stream && this.end(), { once: true })
  }

  end(): void {
    this.cancel()
    this.cancel = () => undefined
    this.stream = null
    this.said(false)
  }
}
