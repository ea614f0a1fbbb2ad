import { describe, expect, it } from 'vitest'

import { EMPTY, type PageModel, reduce } from '../src/agent/model'
import { STATE, WAITING } from './state'

const NOW = Date.parse('2026-11-21T06:02:58Z')

describe('model', () => {
  it('replaces the state whole and learns the clock of the agent', () => {
    const first = reduce(EMPTY, STATE, NOW)
    const second = reduce(first, { ...STATE, screen: 'matter' }, NOW)
    expect(first.clockOffset).toBe(2000)
    expect(second.state?.screen).toBe('matter')
  })

  it('counts the shots of a position, so that a page taken again is fetched again', () => {
    const frame = { type: 'desk.captured', position: 2 } as const
    const model = reduce(reduce(EMPTY, frame, NOW), frame, NOW)
    expect(model.shots).toEqual({ 2: 2 })
    expect(model.captured).toEqual({ position: 2, count: 2 })
  })

  it('forgets everything of the visit on wipe, but not what the last screen shows', () => {
    const slip = { number: 'YJ-20261121-0007', slip_code: '048213', qr_text: 'x', answer_promised_at: null }
    const visit = { ...STATE, screen: 'slip' as const, slip, matter: 'debt' as const, consultation: WAITING }
    const track = { type: 'desk.track', coach: 'moving', progress: 0.5, quad: null, camera: 'ok' } as const
    let model: PageModel = reduce(EMPTY, visit, NOW)
    model = reduce(model, track, NOW)
    model = reduce(model, { type: 'page.wipe' }, NOW)
    expect(model.state?.slip).toEqual(slip)
    expect(model.state).toMatchObject({ matter: null, consultation: null, mediation: null, room: null, pages: [] })
    expect(model).toMatchObject({ track: null, shots: {}, captured: null })
  })

  it('tells a second refusal from the first', () => {
    const frame = { type: 'page.error', code: 'not_now', detail: '' } as const
    expect(reduce(reduce(EMPTY, frame, NOW), frame, NOW).refusal).toEqual({ code: 'not_now', count: 2 })
  })

  it('is left alone by frames that are not about it', () => {
    const model = reduce(EMPTY, STATE, NOW)
    expect(reduce(model, { type: 'desk.answer', sdp: '' }, NOW)).toBe(model)
    expect(reduce(model, { type: 'room.signalled', sender: 'a', payload: 'b' }, NOW)).toBe(model)
  })
})
