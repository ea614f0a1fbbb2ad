import { realTimers, type Timers } from '../../wire/timers.ts'
import type { Slot } from '../local-tracks.ts'
import { type LinkStats, readStats } from '../stats.ts'
import { BrightnessProbe } from './brightness.ts'
import { meanOpinion } from './e-model.ts'
import { type Graded, regrade, UNGRADED } from './grade.ts'
import { climb, type Ladder, type Rung, TOP } from './ladder.ts'
import { insure, ONCE, type Redundancy } from './redundancy.ts'
import { arrives, level, type Level, PRESUMED, type PeerReport, remark, type Remark, type SendsPicture, type SendsSound } from './report.ts'
import { measure, type Sample } from './sample.ts'
import { FRESH, hears, microphoneIsSilent, sees, sense, type Senses } from './senses.ts'
import { type Batch, Series } from './series.ts'

/** What is watched: one connection, and the way to tell the page at its other end. */
export interface WatchedLink {
  readonly connection: RTCPeerConnection
  sender(slot: Slot): RTCRtpSender | undefined
  /** What the other side said it sends; null before it did. */
  readonly expects: readonly Slot[] | null
  /** Sends no more picture than this; again is cheap. */
  limit(rung: Rung): void
  /** Sends the sound twice, or once; again is cheap. */
  sendSound(twice: boolean): void
  /** Whether it goes out. */
  tell(report: PeerReport): boolean
}

/** What a screen shows of the line. */
export interface CallQuality {
  level: Level
  remark: Remark
  /** Of what arrives here; null before it is known. */
  mos: number | null
  theirs: PeerReport | null
  sample: Sample
}

export interface QualityWatchOptions {
  link: () => WatchedLink | undefined
  /** The other person's picture and sound, as received. */
  face: () => MediaStream | null
  /** Whether the room lets this be sent; everything, in a talk of two. */
  may?: (slot: Slot) => boolean
  changed: (quality: CallQuality | null) => void
  record: (batch: Batch) => void
  brightness?: (stream: MediaStream | null) => number | null
  timers?: Timers
}

/** Faults are to be said within three seconds at both ends; two readings or more are needed to see one. */
const EVERY_MS = 500

/**
 * Watches the line of a talk from this side: grades what arrives, notices what is missing, tells the
 * other side, makes room for the sound by sending less picture, and keeps the record.
 */
export class QualityWatch {
  private readonly timers: Timers
  private readonly series: Series
  private readonly brightness: (stream: MediaStream | null) => number | null
  private cancel: (() => void) | null = null
  private before: LinkStats | null = null
  private graded: Graded = UNGRADED
  /** What goes out, as far as the other side's RTCP tells. */
  private sent: Graded = UNGRADED
  private senses: Senses = FRESH
  private ladder: Ladder = TOP
  private redundancy: Redundancy = ONCE
  private theirs: PeerReport | null = null
  private mine: PeerReport | null = null
  private sample: Sample | null = null
  private connection: RTCPeerConnection | undefined
  private told = ''

  constructor(private readonly options: QualityWatchOptions) {
    this.timers = options.timers ?? realTimers
    this.series = new Series(options.record)
    this.brightness = options.brightness ?? lookedAt()
  }

  start(): void {
    if (this.cancel === null) this.schedule()
  }

  stop(): void {
    this.cancel?.()
    this.cancel = null
    this.series.flush()
    this.follow(undefined)
    this.brightness(null)
  }

  /** The page at the other end has said something. */
  heard(report: PeerReport): void {
    const link = this.options.link()
    // It may come before the first look at a new connection.
    if (this.cancel !== null && link?.connection !== this.connection) this.follow(link)
    this.theirs = report
    this.show()
  }

  private schedule(): void {
    this.cancel = this.timers.after(EVERY_MS, () => {
      this.schedule()
      this.look().catch((error: unknown) => console.warn('quality', error))
    })
  }

  private async look(): Promise<void> {
    const link = this.options.link()
    if (link?.connection !== this.connection) this.follow(link)
    if (link?.connection.connectionState !== 'connected') return this.lost()
    const now = await readStats(link.connection)
    const { before } = this
    if (this.cancel === null || this.connection !== link.connection || (before !== null && now.at <= before.at)) return
    this.before = now
    if (before === null) this.series.begin(now)
    else this.judge(link, now, measure(before, now, this.faceTrack()))
  }

  /** Another connection begins with a clean sheet; ladder and redundancy stay where the line has put them. */
  private follow(link: WatchedLink | undefined): void {
    this.connection = link?.connection
    this.theirs = null
    this.graded = this.sent = UNGRADED
    this.mine = null
    this.told = ''
    this.lost()
  }

  /** What was seen last says nothing of now. */
  private lost(): void {
    this.before = null
    this.senses = FRESH
    this.series.interrupt()
    this.sample = null
    this.show()
  }

  private judge(link: WatchedLink, now: LinkStats, sample: Sample): void {
    this.graded = arrives(this.other(link)) ? regrade(this.graded, sample) : UNGRADED
    this.sent = regrade(this.sent, { ...sample, packets: 1, rating: sample.sentRating })
    this.senses = sense(this.senses, sample, this.brightness(this.options.face()))
    this.ladder = climb(this.ladder, sample)
    link.limit(this.ladder.rung)
    this.redundancy = insure(this.redundancy, sample, this.ladder.rung)
    link.sendSound(this.redundancy.twice)
    this.sample = sample
    this.tell(link, this.report(link))
    this.series.add(now, this.level())
    this.show()
  }

  private level(): Level {
    return level(this.mine ?? PRESUMED, this.other())
  }

  /** The other side as it says it is; until it does, it is known by what it said it sends, and by RTCP. */
  private other(link = this.options.link()): PeerReport {
    if (this.theirs !== null) return { ...this.theirs, grade: this.theirs.grade ?? this.sent.grade }
    const sends = (slot: Slot) => link?.expects?.includes(slot) ?? true
    return {
      ...PRESUMED,
      grade: this.sent.grade,
      sound: sends('face.audio') ? 'on' : 'withheld',
      picture: sends('face.video') ? 'full' : 'withheld',
    }
  }

  private show(): void {
    const { sample, theirs, graded } = this
    const shown = sample && {
      level: this.level(),
      remark: remark(this.mine ?? PRESUMED, this.other()),
      mos: graded.rating === null ? null : meanOpinion(graded.rating),
      theirs,
      sample,
    }
    this.options.changed(shown)
  }

  private report(link: WatchedLink): PeerReport {
    return {
      hears: hears(this.senses),
      sees: sees(this.senses),
      grade: this.graded.grade,
      sound: this.may('face.audio') ? sentSound(link.sender('face.audio')?.track, microphoneIsSilent(this.senses)) : 'withheld',
      picture: this.may('face.video') ? sentPicture(link.sender('face.video')?.track, this.ladder) : 'withheld',
    }
  }

  private may(slot: Slot): boolean {
    return this.options.may?.(slot) ?? true
  }

  private tell(link: WatchedLink, report: PeerReport): void {
    this.mine = report
    const text = JSON.stringify(report)
    if (text !== this.told && link.tell(report)) this.told = text
  }

  private faceTrack(): string | null {
    return this.options.face()?.getVideoTracks()[0]?.id ?? null
  }
}

function sentSound(track: MediaStreamTrack | null | undefined, silent: boolean): SendsSound {
  if (!track || track.readyState === 'ended') return 'none'
  if (!track.enabled) return 'muted'
  return silent || track.muted ? 'silent' : 'on'
}

function sentPicture(track: MediaStreamTrack | null | undefined, { rung }: Ladder): SendsPicture {
  if (!track || track.readyState === 'ended') return 'none'
  return track.enabled ? rung : 'off'
}

function lookedAt(): (stream: MediaStream | null) => number | null {
  let probe: BrightnessProbe | null = null
  return (stream) => (probe ??= new BrightnessProbe()).read(stream)
}
