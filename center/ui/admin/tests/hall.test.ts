import { describe, expect, it } from 'vitest'

import type { KioskView, UsageRow, WaitingRow } from '@jiujin/shared/generated/center'

import { FIGURES, LONG_WAIT_S } from '../src/features/hall/figures.ts'
import { moodOf, shownSkew } from '../src/features/hall/kiosk-state.ts'
import { needsOf } from '../src/features/hall/needs.ts'

const health = { camera: 'ok', page_alive: true } as NonNullable<KioskView['health']>
const kiosk = (changes: Partial<KioskView> = {}) =>
  ({ kiosk_id: 'K01', status: 'enrolled', online: true, clock_skew_s: 0, consultation_number: null, health, ...changes }) as KioskView
const row = (changes: Partial<UsageRow>) => ({ consultation_id: 'c', rating: null, talk_s: null, ...changes }) as UsageRow
const NOW = Date.parse('2026-11-22T10:00:00Z')
const waits = (seconds: number) =>
  ({ consultation_id: `w${seconds}`, requested_at: new Date(NOW - seconds * 1000).toISOString() }) as WaitingRow

describe('a kiosk', () => {
  it('says what matters most', () => {
    expect(moodOf(kiosk())).toBe('online')
    expect(moodOf(kiosk({ consultation_number: 'YJ' }))).toBe('in_use')
    expect(moodOf(kiosk({ consultation_number: 'YJ', health: { ...health, camera: 'dark' } }))).toBe('camera')
    expect(moodOf(kiosk({ health: { ...health, page_alive: false } }))).toBe('page')
    expect(moodOf(kiosk({ online: false, health: { ...health, camera: 'dark' } }))).toBe('offline')
    expect(moodOf(kiosk({ online: false, status: 'pending' }))).toBe('pending')
    expect(moodOf(kiosk({ status: 'revoked' }))).toBe('revoked')
  })

  it('shows a clock only when it is off by seconds that matter', () => {
    expect(shownSkew(kiosk({ clock_skew_s: 42.3 }))).toBe(42)
    expect(shownSkew(kiosk({ clock_skew_s: -7.6 }))).toBe(-8)
    expect(shownSkew(kiosk({ clock_skew_s: 1.2 }))).toBeNull()
    expect(shownSkew(kiosk({ clock_skew_s: null }))).toBeNull()
  })
})

describe('what needs a hand', () => {
  const quiet = { hall: null, waiting: [], kiosks: [], rows: [], now: NOW }

  it('is nothing on a quiet day', () => {
    expect(needsOf({ ...quiet, waiting: [waits(LONG_WAIT_S - 1)], kiosks: [kiosk()], rows: [row({ rating: 3 })] })).toEqual([])
  })

  it('names the worst first', () => {
    const hall = { lawyers_on_duty: 0, lawyers_free: 0, waiting: 1, estimate_s: null, next_answer_at: null, open: true, opens_at: null, closes_at: null }
    const found = needsOf({
      hall,
      waiting: [waits(LONG_WAIT_S)],
      kiosks: [kiosk({ online: false })],
      rows: [row({ rating: 2 })],
      now: NOW,
    })
    expect(found.map((need) => need.kind)).toEqual(['nobody', 'long_wait', 'kiosk', 'dissatisfied'])
  })
})

describe('rows behind a figure', () => {
  it('count a running talk as connected, and a wait of 15 s as prompt', () => {
    expect(FIGURES.connected.behind(row({ state: 'active' }))).toBe(true)
    expect(FIGURES.connected.behind(row({ state: 'left' }))).toBe(false)
    expect(FIGURES.prompt.behind(row({ state: 'closed', lawyer: 'J', wait_s: 15 }))).toBe(true)
    expect(FIGURES.prompt.behind(row({ state: 'closed', lawyer: 'J', wait_s: 16 }))).toBe(false)
    expect(FIGURES.prompt.behind(row({ state: 'left', lawyer: null, wait_s: 3 }))).toBe(false)
  })
})
