import type { Timers } from '../../wire/timers.ts'
import type { Slot } from '../local-tracks.ts'
import { type Level, LEVELS, type PeerReport, type Remark } from './report.ts'
import type { Batch } from './series.ts'
import { type CallQuality, QualityWatch, type WatchedLink } from './watch.ts'

/** What a tile says of its person's sound, picture or line. */
export type PersonRemark = 'hears_nothing' | 'no_sound' | 'microphone_silent' | 'frozen' | 'black' | 'sound_only' | 'weak'

/** What a page says of its own line, worst first. */
const OWN = ['your_microphone_silent', 'they_hear_nothing', 'picture_paused', 'your_picture_black', 'picture_small', 'weak', 'good'] as const
export type OwnRemark = (typeof OWN)[number]

export interface RoomQuality {
  /** Of each link, by the peer at its other end. */
  people: Readonly<Record<string, CallQuality>>
  /** Of the worst link; null before anything is known. */
  own: { level: Level; remark: OwnRemark } | null
}

export const NOTHING_KNOWN: RoomQuality = { people: {}, own: null }

export interface RoomWatchOptions {
  link: (peer: string) => WatchedLink | undefined
  face: (peer: string) => MediaStream | null
  /** Whether the room lets this be sent to that peer. */
  may: (peer: string, slot: Slot) => boolean
  changed: (quality: RoomQuality) => void
  record: (peer: string, batch: Batch) => void
  brightness?: (stream: MediaStream | null) => number | null
  timers?: Timers
}

/** Watches each link of a room as that of a talk of two is watched, each with a ladder of its own. */
export class RoomWatch {
  private readonly watches = new Map<string, QualityWatch>()
  private people: Readonly<Record<string, CallQuality>> = {}

  constructor(private readonly options: RoomWatchOptions) {}

  /** The link to this peer is up (again). */
  up(peer: string): void {
    if (this.watches.has(peer)) return
    const watch = this.watchOf(peer)
    this.watches.set(peer, watch)
    watch.start()
  }

  heard(peer: string, report: PeerReport): void {
    this.watches.get(peer)?.heard(report)
  }

  gone(peer: string): void {
    this.watches.get(peer)?.stop()
    this.watches.delete(peer)
    this.show(peer, null)
  }

  stop(): void {
    for (const peer of [...this.watches.keys()]) this.gone(peer)
  }

  private watchOf(peer: string): QualityWatch {
    const { link, face, may, record, brightness, timers } = this.options
    return new QualityWatch({
      link: () => link(peer),
      face: () => face(peer),
      may: (slot) => may(peer, slot),
      changed: (quality) => this.show(peer, quality),
      record: (batch) => record(peer, batch),
      ...(brightness && { brightness }),
      ...(timers && { timers }),
    })
  }

  private show(peer: string, quality: CallQuality | null): void {
    const others = Object.fromEntries(Object.entries(this.people).filter(([other]) => other !== peer))
    this.people = quality === null ? others : { ...others, [peer]: quality }
    this.options.changed({ people: this.people, own: worst(Object.values(this.people)) })
  }
}

/** Null for nothing that anybody needs to know of this person. */
export function ofPerson({ remark, level }: CallQuality): PersonRemark | null {
  const said: Partial<Record<Remark, PersonRemark>> = {
    they_hear_nothing: 'hears_nothing',
    you_hear_nothing: 'no_sound',
    their_microphone_silent: 'microphone_silent',
    picture_frozen: 'frozen',
    picture_black: 'black',
  }
  if (level === 'sound_only') return said[remark] ?? 'sound_only'
  return said[remark] ?? (level === 'weak' || level === 'broken' ? 'weak' : null)
}

function worst(all: CallQuality[]): RoomQuality['own'] {
  if (all.length === 0) return null
  const level = LEVELS.findLast((one) => all.some((quality) => quality.level === one)) ?? 'good'
  const remark = OWN.find((one) => all.some((quality) => ofOwn(quality) === one)) ?? 'good'
  return { level, remark }
}

function ofOwn({ remark, level }: CallQuality): OwnRemark {
  const own = OWN.find((one) => one === remark)
  if (own !== undefined) return own
  if (level === 'sound_only') return 'picture_paused'
  return level === 'weak' || level === 'broken' ? 'weak' : 'good'
}
