import { smoothed } from './grade.ts'
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
}

export const ONCE: Redundancy = { twice: false, lost: null, age: 0, calm: 0 }

/** What error correction within Opus does not hide any more. */
const LOST_FROM = 0.02
const LOST_BELOW = 0.01
/** RTCP tells of the sound about every five seconds. */
const CALM_AFTER_S = 20
/** Bits per second: sound twice takes 85,000 with its headers, and the ladder gives up the picture at 100,000. */
const ROOM = { begin: 150_000, stay: 110_000 }

/** After another sample. */
export function insure(before: Redundancy, { seconds, sentSoundLoss, available }: Sample): Redundancy {
  const age = before.age + seconds
  const lost = smoothed(before.lost, sentSoundLoss, age)
  const calm = lost !== null && lost >= LOST_BELOW ? 0 : before.calm + seconds
  const room = (available ?? 0) >= (before.twice ? ROOM.stay : ROOM.begin)
  const needed = before.twice ? calm < CALM_AFTER_S : (lost ?? 0) >= LOST_FROM
  return { twice: room && needed, lost, age: sentSoundLoss === null ? age : 0, calm }
}
