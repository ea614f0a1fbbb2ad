import type { Sample } from './sample.ts'

/** `silence`: packets come, and there is nothing in them. */
export type Hears = 'sound' | 'silence' | 'nothing'
export type Sees = 'picture' | 'frozen' | 'black'

/** A microphone that never gave anything is told at once; one that did may stand in a quiet room. */
const NEVER_HEARD_S = 2
const GONE_QUIET_S = 10
/** Sound comes fifty times a second: one without any is a gap that everybody hears. */
const NO_SOUND_S = 0.9
const FROZEN_S = 1.8
const BLACK_S = 1.8
/** Mean brightness below which a picture shows nothing, 0 to 1. */
const BLACK_BELOW = 0.03

/** For how long something has been missing, in seconds, and whether it ever was there. */
export interface Senses {
  readonly noSound: number
  readonly silent: number
  readonly heard: boolean
  readonly microphoneSilent: number
  readonly microphoneHeard: boolean
  readonly still: number
  readonly black: number
}

export const FRESH: Senses = {
  noSound: 0,
  silent: 0,
  heard: false,
  microphoneSilent: 0,
  microphoneHeard: false,
  still: 0,
  black: 0,
}

/** After another sample; `brightness` is of the other person's picture, 0 to 1, null when unknown. */
export function sense(before: Senses, sample: Sample, brightness: number | null): Senses {
  const { seconds, sounded, microphoneSounded } = sample
  const lasting = (missing: boolean, known: number) => (missing ? known + seconds : 0)
  return {
    noSound: lasting(sample.soundPackets === 0, before.noSound),
    silent: lasting(!sounded, before.silent),
    heard: before.heard || sounded,
    microphoneSilent: lasting(microphoneSounded === false, before.microphoneSilent),
    microphoneHeard: before.microphoneHeard || microphoneSounded === true,
    still: lasting(sample.frames === 0, before.still),
    black: lasting(brightness !== null && brightness < BLACK_BELOW, before.black),
  }
}

export function hears({ noSound, silent, heard }: Senses): Hears {
  if (noSound >= NO_SOUND_S) return 'nothing'
  return isSilent(silent, heard) ? 'silence' : 'sound'
}

export function microphoneIsSilent({ microphoneSilent, microphoneHeard }: Senses): boolean {
  return isSilent(microphoneSilent, microphoneHeard)
}

export function sees({ still, black }: Senses): Sees {
  if (still >= FROZEN_S) return 'frozen'
  return black >= BLACK_S ? 'black' : 'picture'
}

function isSilent(seconds: number, before: boolean): boolean {
  return seconds >= (before ? GONE_QUIET_S : NEVER_HEARD_S)
}
