import { describe, expect, it } from 'vitest'

import type { AgreementView, MediationView, SeatView } from '@jiujin/shared'

import { leads, sealable } from '../src/features/mediation/people.ts'

const AT = '2026-11-21T06:00:00Z'

function seat(seat_id: string, role: SeatView['role'], more: Partial<SeatView> = {}): SeatView {
  return {
    seat_id, role, name: seat_id, place: '', language: 'zh', state: 'admitted', peer_id: null, staff_id: null,
    protection: 'none', muted: false, speech_asked: false, hand: null, has_floor: false, apart: false, listens: false,
    code: null, ...more,
  }
}

function mediation(agreement: AgreementView | null, you = 'piao'): MediationView {
  const seats = [seat('piao', 'mediator'), seat('zhang', 'party'), seat('li', 'party'), seat('jin', 'interpreter', { state: 'waiting' })]
  return {
    mediation_id: 'm1', number: 'TJ-20261121-0001', title: '', matter: 'debt', language: 'zh', second_language: null,
    state: 'open', scheduled_at: AT, opened_at: AT, ended_at: null, locked: false, moving: false, you, side: null, seats, agreement, draft: [],
    recording: { state: 'off', recording_id: null, agreed: false, since: null, cause: null, fault: null, paused: false, agreed_seats: [], may_ask: false },
  }
}

function signed(by: string[], sealed_at: string | null = null): AgreementView {
  return { edition: 1, clauses: [], signatures: by.map((seat_id) => ({ seat_id, at: AT })), photos: [], sealed_at, sha256: null }
}

describe('a mediation in the console', () => {
  it('is led by its mediator only', () => {
    expect([leads(mediation(null)), leads(mediation(null, 'zhang'))]).toEqual([true, false])
  })

  it.each([
    [null, false],
    [signed([]), false],
    [signed(['zhang']), false],
    [signed(['zhang', 'li']), true],
    [signed(['zhang', 'li'], AT), false],
  ])('may be concluded once every party has signed, and once', (agreement, may) => {
    expect(sealable(mediation(agreement))).toBe(may)
  })
})
