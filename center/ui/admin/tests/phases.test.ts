import { describe, expect, it } from 'vitest'

import type { EventView } from '@jiujin/shared/generated/center'

import { lengthsOf, phasesOf } from '../src/features/usage/phases.ts'

const START = Date.parse('2026-11-22T09:00:00Z')

function story(...told: [second: number, type: string, data?: Record<string, unknown>][]): EventView[] {
  return told.map(([second, type, data = {}], index) => ({
    seq: index + 1,
    stream: 'consultation:c',
    version: index + 1,
    type,
    at: new Date(START + second * 1000).toISOString(),
    actor: 'center',
    data,
  }))
}

const named = (events: EventView[], nowS = 0) =>
  phasesOf(events, START + nowS * 1000).map(({ name, seconds }) => [name, seconds])

const TALK = story(
  [0, 'requested'],
  [3, 'offered'],
  [10, 'declined'],
  [11, 'offered'],
  [20, 'accepted'],
  [21, 'media_reported', { side: 'kiosk', state: 'up' }],
  [22, 'media_reported', { side: 'staff', state: 'up' }],
  [60, 'page_added', { position: 1 }],
  [100, 'media_reported', { side: 'kiosk', state: 'lost' }],
  [110, 'media_reported', { side: 'kiosk', state: 'up' }],
  [200, 'hung_up', { by: 'kiosk' }],
  [230, 'filed', { outcome: 'advice' }],
)

describe('phases of a consultation', () => {
  it('follow its events from the request to the filing', () => {
    expect(named(TALK)).toEqual([
      ['waiting', 3],
      ['ringing', 7],
      ['waiting', 1],
      ['ringing', 9],
      ['connecting', 2],
      ['talking', 78],
      ['interrupted', 10],
      ['talking', 90],
      ['filing', 30],
    ])
  })

  it('add up by kind, in the order of first coming', () => {
    expect(lengthsOf(phasesOf(TALK, START))).toEqual([
      ['waiting', 4],
      ['ringing', 16],
      ['connecting', 2],
      ['talking', 168],
      ['interrupted', 10],
      ['filing', 30],
    ])
  })

  it('end now when they are open, and for good when the resident left', () => {
    expect(named(story([0, 'requested']), 40)).toEqual([['waiting', 40]])
    expect(named(story([0, 'requested'], [30, 'left']), 999)).toEqual([['waiting', 30]])
  })

  it('begin the wait again after a handing on, without the old connection', () => {
    const events = story(
      [0, 'taken'],
      [1, 'media_reported', { side: 'kiosk', state: 'up' }],
      [2, 'media_reported', { side: 'staff', state: 'up' }],
      [50, 'transferred', { to: null }],
      [70, 'taken'],
      [71, 'media_reported', { side: 'staff', state: 'up' }],
    )
    expect(named(events, 80)).toEqual([
      ['connecting', 2],
      ['talking', 48],
      ['waiting', 20],
      ['connecting', 10],
    ])
  })
})
