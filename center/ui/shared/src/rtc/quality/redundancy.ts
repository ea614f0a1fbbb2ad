import { smoothed } from './grade.ts'
import type { Rung } from './ladder.ts'
import type { Sample } from './sample.ts'

/**
 * Whether one's own sound goes out twice, each packet with the one before it (RFC 2198): of losses
 * that come singly, nothing is then missing. It costs as much again as the sound itself, so it is
 * spent while packets are lost, and not where the line has no room for it.
 */
export interface Redundancy {
  readonly twice: boolean
  /** Smoothed share of the sound's packets that are lost, and seconds since it was told. */
  readonly lost: number | null
  readonly age: number
  /** Seconds that hardly anything was lost. */
  readonly calm: number
  /** Bits per second that the line was last thought to take while a picture filled it. */
  readonly room: number
}

export const ONCE: Redundancy = { twice: false, lost: null, age: 0, calm: 0, room: 0 }

/** What error correction within Opus does not hide any more. */
const LOST_FROM = 0.02
const LOST_BELOW = 0.01
/** RTCP tells of the sound about every five seconds. */
const CALM_AFTER_S = 20
/** Bits per second: sound twice takes 85,000 with its headers, and the ladder gives up the picture at 100,000. */
const ROOM = { begin: 150_000, stay: 110_000 }
/** So much is lost where sound alone is too much for the line. */
const CROWDED_FROM = 0.25

/** After another sample; `rung` is what is sent of the picture. */
export function insure(before: Redundancy, { seconds, sentSoundLoss, available }: Sample, rung: Rung): Redundancy {
  const age = before.age + seconds
  const lost = smoothed(before.lost, sentSoundLoss, age)
  const calm = lost !== null && lost >= LOST_BELOW ? 0 : before.calm + seconds
  const room = rung === 'paused' ? roomForSound(before.room, lost) : (available ?? 0)
  const needed = before.twice ? calm < CALM_AFTER_S : (lost ?? 0) >= LOST_FROM
  const fits = room >= (before.twice ? ROOM.stay : ROOM.begin)
  return { twice: fits && needed, lost, age: sentSoundLoss === null ? age : 0, calm, room }
}

/** With sound alone on its way Chromium's estimate falls to little more than the sound, whatever the line takes. */
function roomForSound(before: number, lost: number | null): number {
  return (lost ?? 0) >= CROWDED_FROM ? 0 : before
}
