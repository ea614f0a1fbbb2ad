import { describe, expect, it } from 'vitest'

import { reasonsOf } from '../src/features/desk/verdict'
import { hoursLine } from '../src/features/home/hours'
import { truth, truthSentence } from '../src/features/home/truth'
import { HALL, STATE } from './state'

const t = (key: string, values: object = {}) => `${key} ${JSON.stringify(values)}`
const when = (moment: string) => moment
const CLOSES = '2026-11-21T09:00:00Z'
const OPENS = '2026-11-22T01:00:00Z'
const SHUT = { ...HALL, open: false, lawyers_on_duty: 0, lawyers_free: 0, opens_at: OPENS, next_answer_at: OPENS }

describe('opening hours on the home screen', () => {
  it('say until when, and when again', () => {
    expect(hoursLine({ ...HALL, closes_at: CLOSES }, t, when)).toBe(`hours.open_until {"when":"${CLOSES}"}`)
    expect(hoursLine(SHUT, t, when)).toBe(`hours.opens {"when":"${OPENS}"}`)
  })

  it('say nothing of a service that never closes, or that is not known', () => {
    expect(hoursLine(HALL, t, when)).toBe('')
    expect(hoursLine({ ...SHUT, opens_at: null }, t, when)).toBe('')
    expect(hoursLine({ ...SHUT, open: true, lawyers_on_duty: 1 }, t, when)).toBe('')
    expect(hoursLine(null, t, when)).toBe('')
  })

  it('outside them the promise is to leave a question, not a lawyer', () => {
    expect(truth({ ...STATE, hall: SHUT })).toBe('closed')
    expect(truthSentence({ ...STATE, hall: SHUT }, t, when)).toBe(`home.status.shut_until {"when":"${OPENS}"}`)
    expect(truthSentence({ ...STATE, hall: { ...SHUT, opens_at: null } }, t, when)).toBe('home.status.shut {}')
  })

  it('within them nobody there is another matter', () => {
    const hall = { ...SHUT, open: true, opens_at: null, closes_at: CLOSES }
    expect(truthSentence({ ...STATE, hall }, t, when)).toBe(`home.status.nobody_promised {"when":"${OPENS}"}`)
  })
})

it('words the reasons it knows and leaves out those of a newer scanner', () => {
  expect(reasonsOf(['glare', 'upside_down', 'dark'])).toEqual(['glare', 'dark'])
})
