import type { HallView, KioskView, UsageRow, WaitingRow } from '@jiujin/shared/generated/center'

import { isDissatisfied, LONG_WAIT_S } from './figures.ts'
import { isTrouble, moodOf } from './kiosk-state.ts'

/** Something that a person should see to, worst first. */
export type Need =
  | { kind: 'nobody'; key: string; waiting: number }
  | { kind: 'long_wait'; key: string; row: WaitingRow; seconds: number }
  | { kind: 'kiosk'; key: string; kiosk: KioskView; mood: 'offline' | 'camera' | 'page' }
  | { kind: 'dissatisfied'; key: string; row: UsageRow }

interface Seen {
  hall: HallView | null
  waiting: WaitingRow[]
  kiosks: KioskView[]
  rows: UsageRow[]
  now: number
}

export function needsOf({ hall, waiting, kiosks, rows, now }: Seen): Need[] {
  const unanswered = hall !== null && hall.lawyers_on_duty === 0 && waiting.length > 0
  return [
    ...(unanswered ? [{ kind: 'nobody', key: 'nobody', waiting: waiting.length } as const] : []),
    ...waiting.flatMap((row) => longWait(row, now)),
    ...kiosks.filter(isTrouble).map((kiosk) => trouble(kiosk)),
    ...rows
      .filter(isDissatisfied)
      .map((row) => ({ kind: 'dissatisfied', key: `rating ${row.consultation_id}`, row }) as const),
  ]
}

function longWait(row: WaitingRow, now: number): Need[] {
  const seconds = Math.floor((now - Date.parse(row.requested_at)) / 1000)
  return seconds < LONG_WAIT_S ? [] : [{ kind: 'long_wait', key: `wait ${row.consultation_id}`, row, seconds }]
}

function trouble(kiosk: KioskView): Need {
  const mood = moodOf(kiosk) as 'offline' | 'camera' | 'page'
  return { kind: 'kiosk', key: `kiosk ${kiosk.kiosk_id}`, kiosk, mood }
}
