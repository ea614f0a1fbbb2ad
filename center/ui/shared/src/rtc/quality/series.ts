import type { QualityPoint } from '../../generated/center'
import type { LinkStats } from '../stats.ts'
import { meanOpinion } from './e-model.ts'
import type { Level } from './report.ts'
import { measure } from './sample.ts'

export interface Batch {
  /** Rises with each batch of a page. */
  number: number
  /** When the first point began, ms since the epoch by this machine's clock. */
  at: number
  points: QualityPoint[]
}

const POINT_S = 2
const POINTS_A_BATCH = 10
/** Readings come a little early or late. */
const SLACK_MS = 100

/** Gathers points of two seconds into batches; a batch is handed on when it is full or flushed. */
export class Series {
  private from: LinkStats | null = null
  private at = 0
  private points: QualityPoint[] = []
  private number = 0

  constructor(
    private readonly full: (batch: Batch) => void,
    private readonly clock: () => number = Date.now,
  ) {}

  begin(now: LinkStats): void {
    this.from = now
  }

  add(now: LinkStats, level: Level): void {
    const { from } = this
    if (from === null || now.at - from.at < 1000 * POINT_S - SLACK_MS) return
    this.from = now
    if (this.points.length === 0) this.at = this.clock() - 1000 * POINT_S
    this.points.push(point(from, now, level))
    if (this.points.length >= POINTS_A_BATCH) this.flush()
  }

  /** The connection is another, or gone: figures before and after do not belong together. */
  interrupt(): void {
    this.from = null
  }

  flush(): void {
    if (this.points.length === 0) return
    this.number += 1
    this.full({ number: this.number, at: this.at, points: this.points })
    this.points = []
  }
}

function point(before: LinkStats, now: LinkStats, level: Level): QualityPoint {
  const sample = measure(before, now, null)
  return {
    mos: sample.rating === null ? null : round(meanOpinion(sample.rating), 2),
    loss: round(sample.loss, 4),
    round_trip_ms: sample.roundTrip === null ? null : Math.round(1000 * sample.roundTrip),
    jitter_ms: Math.round(1000 * sample.jitter),
    received_kbps: Math.round(sample.received / 1000),
    sent_kbps: Math.round(sample.sent / 1000),
    freezes: sample.freezes,
    frozen_ms: Math.round(1000 * sample.frozen),
    level,
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
