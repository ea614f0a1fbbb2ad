import type { LineCheck } from '@jiujin/shared'
import { shortcomings } from '@jiujin/shared/line-check/check'

import type { KioskState, MachineFound } from '../../generated/agent'
import type { TextKey } from '../../i18n'

export const PARTS = ['desk', 'empty_desk', 'face', 'microphone', 'loudspeaker', 'center', 'rate', 'loss', 'relays', 'disk', 'clock'] as const
type Part = (typeof PARTS)[number]
/** `broken` keeps residents from being helped; `weak` makes the help worse. */
type Level = 'ok' | 'weak' | 'broken'
type FoundIn<Key> = Key extends `self_test.found.${infer Found}` ? Found : never
type Found = FoundIn<TextKey>

/** One part of the machine, and what was found of it as the catalogue words it. */
interface Verdict {
  part: Part
  level: Level
  found: Found
  values?: Record<string, number>
  /** The moment that it speaks of. */
  at?: string | null
}

const DISK_LOW_MB = 2048
const megabits = (kilobits: number) => Math.round(kilobits / 100) / 10

/** What was found of each part, in their order; a part that nothing is known of yet is left out. */
export function verdicts(state: Pick<KioskState, 'link' | 'clock_skewed'>, machine: MachineFound | null, line: LineCheck | null): Verdict[] {
  const relaysKnown = (machine?.ice_servers ?? null) !== null
  return [
    ...(machine ? ofMachine(machine, state.clock_skewed) : []),
    ...(line ? [...ofDevices(line), ...ofLine(line, state.link === 'online', relaysKnown)] : []),
  ].sort((a, b) => PARTS.indexOf(a.part) - PARTS.indexOf(b.part))
}

function ofMachine({ camera, empty_desk, empty_desk_since, disk_free_mb, disk_reserve_mb, clock_skew_s }: MachineFound, skewed: boolean): Verdict[] {
  const disk = disk_free_mb <= disk_reserve_mb ? 'broken' : disk_free_mb < DISK_LOW_MB ? 'weak' : 'ok'
  const found: Verdict[] = [
    { part: 'disk', level: disk, found: 'disk_free', values: { gigabytes: Math.round(disk_free_mb / 102.4) / 10 } },
    clock_skew_s === null
      ? { part: 'clock', level: 'weak', found: 'unknown' }
      : { part: 'clock', level: skewed ? 'weak' : 'ok', found: 'clock_off', values: { seconds: Math.round(clock_skew_s) } },
  ]
  if (camera === null) return found
  return [
    ...found,
    { part: 'desk', level: camera === 'ok' ? 'ok' : 'broken', found: `desk_${camera}` },
    { part: 'empty_desk', level: empty_desk === 'moved' ? 'weak' : 'ok', found: `empty_desk_${empty_desk}`, at: empty_desk_since },
  ]
}

const LOUDSPEAKER: Record<LineCheck['loudspeaker'], Level> = { heard: 'ok', present: 'weak', unheard: 'weak', missing: 'broken' }

function ofDevices({ camera, microphone, loudspeaker }: LineCheck): Verdict[] {
  return [
    { part: 'face', level: camera === 'ok' ? 'ok' : 'broken', found: `face_${camera}` },
    { part: 'microphone', level: microphone === 'ok' ? 'ok' : 'broken', found: `microphone_${microphone}` },
    { part: 'loudspeaker', level: LOUDSPEAKER[loudspeaker], found: `loudspeaker_${loudspeaker}` },
  ]
}

function ofLine(line: LineCheck, online: boolean, relaysKnown: boolean): Verdict[] {
  const { round_trip_ms, down_kbps, up_kbps, loss, relays, relays_reached } = line
  const bad = new Set(shortcomings(line))
  const level = (...figures: (keyof LineCheck)[]): Level => (figures.some((figure) => bad.has(figure)) ? 'weak' : 'ok')
  return [
    online && round_trip_ms !== null
      ? { part: 'center', level: level('round_trip_ms'), found: 'center_reached', values: { ms: round_trip_ms } }
      : { part: 'center', level: 'broken', found: 'center_lost' },
    down_kbps === null || up_kbps === null
      ? { part: 'rate', level: 'weak', found: 'unknown' }
      : { part: 'rate', level: level('down_kbps', 'up_kbps'), found: 'rate_known', values: { down: megabits(down_kbps), up: megabits(up_kbps) } },
    loss === null
      ? { part: 'loss', level: relaysKnown && relays === 0 ? 'ok' : 'weak', found: 'unknown' }
      : { part: 'loss', level: level('loss'), found: 'loss_known', values: { percent: Math.round(1000 * loss) / 10 } },
    relays === 0
      ? { part: 'relays', level: relaysKnown ? 'ok' : 'weak', found: relaysKnown ? 'relays_none' : 'unknown' }
      : { part: 'relays', level: relays_reached === 0 ? 'broken' : level('relays_reached'), found: 'relays_known', values: { reached: relays_reached, all: relays } },
  ]
}
