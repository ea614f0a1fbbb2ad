import { expect, it } from 'vitest'

import type { SeatView } from '../src/generated/center'
import { loudness, othersIn, ownSeat } from '../src/mediation/people.ts'

function seat(seat_id: string, more: Partial<SeatView> = {}): SeatView {
  return {
    seat_id, role: 'party', name: seat_id, place: '', language: 'zh', state: 'admitted', peer_id: null, staff_id: null, protection: 'none',
    muted: false, speech_asked: false, hand: null, has_floor: false, apart: false, listens: false, code: null, ...more,
  }
}

const SEATS = [seat('li'), seat('me'), seat('piao', { role: 'mediator' }), seat('out', { state: 'waiting' })]

it('the others are those in the room, the mediator first', () => {
  expect(othersIn({ seats: SEATS, you: 'me' }).map(({ seat_id }) => seat_id)).toEqual(['piao', 'li'])
})

it('whoever looks has a seat', () => {
  expect(ownSeat({ seats: SEATS, you: 'me' }).seat_id).toBe('me')
  expect(() => ownSeat({ seats: SEATS, you: 'nobody' })).toThrow()
})

it('the original is lowered under an interpreter who is listened to', () => {
  expect([loudness(true, 'party'), loudness(true, 'interpreter'), loudness(false, 'party')]).toEqual([0.2, 1, 1])
})
