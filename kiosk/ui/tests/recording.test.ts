import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'

import { endOf, recordingOf, useRecordingEnd } from '../src/features/recording/recording'
import type { KioskState, Notice, RecordingView, Screen } from '../src/generated/agent'
import { mediation, seat, STATE, WAITING } from './state'

describe('the recording of a mediation', () => {
  const shown = { ...mediation([seat('me')]), recording: { ...mediation([]).recording, state: 'asked', recording_id: 'r1' } } as const

  it('is asked of whoever is in the room, and of nobody who waits', () => {
    const inside = { ...STATE, mediation: shown }
    expect(recordingOf(inside)).toEqual({ view: shown.recording, mediation: true, paused: false })
    const outside = { ...STATE, consultation: null, mediation: { ...shown, seats: [seat('me', { state: 'waiting' })] } }
    expect(recordingOf(outside)).toBeNull()
  })

  it('pauses for a private talk, and a consultation has none of it', () => {
    const paused = { ...STATE, mediation: { ...shown, recording: { ...shown.recording, state: 'running', paused: true } as const } }
    expect(recordingOf(paused)?.paused).toBe(true)
    expect(recordingOf({ ...STATE, mediation: null })?.mediation ?? false).toBe(false)
  })
})

const RUNNING = { ...WAITING.recording, state: 'running', recording_id: 'r1', agreed: true, since: '2026-11-21T06:05:00Z' } as const
const OVER: Notice[] = [{ code: 'mediation_over', at: '2026-11-21T06:20:00Z' }]

function talk(recording: Partial<RecordingView>, screen: Screen = 'call'): KioskState {
  return { ...STATE, screen, consultation: { ...WAITING, state: 'active', recording: { ...RUNNING, ...recording } } }
}

function room(recording: Partial<RecordingView>): KioskState {
  const view = mediation([seat('me')])
  return { ...STATE, screen: 'mediation', mediation: { ...view, recording: { ...view.recording, ...RUNNING, ...recording } } }
}

describe('the end of a recording', () => {
  it.each([
    ['somebody who wants it no more', talk({ state: 'stopped', cause: 'stopped' }), 'stopped'],
    ['somebody who takes the consent back', talk({ state: 'stopped', cause: 'refused' }), 'stopped'],
    ['the end of the talk', talk({ state: 'stopped', cause: 'talk_over' }, 'rate'), 'over'],
    ['a hang-up that the center has not heard of', talk({}, 'rate'), 'over'],
    ['being handed on', talk({ state: 'stopped', cause: 'talk_over' }, 'wait'), 'over'],
    ['nothing: it goes on while a page is laid down', talk({}, 'call_scan'), null],
    ['nothing: the resident has gone', STATE, null],
  ] as const)('of a talk is told after %s', (_, after, end) => {
    expect(endOf(talk({}), after)).toBe(end)
  })

  it.each([
    ['somebody who wants it no more', room({ state: 'stopped', cause: 'refused' }), 'stopped'],
    ['a newcomer', room({ state: 'stopped', cause: 'newcomer' }), 'newcomer'],
    ['the end with an agreement', { ...STATE, screen: 'slip' }, 'over'],
    ['the end without one', { ...STATE, notices: OVER }, 'over'],
    ['nothing: they went, the others go on', STATE, null],
  ] as const)('of a mediation is told after %s', (_, after, end) => {
    expect(endOf(room({}), after)).toBe(end)
  })

  it('is no news of what never began, and nothing is asked once the talk is over', () => {
    expect(endOf(talk({ state: 'asked' }), talk({ state: 'stopped', cause: 'refused' }))).toBeNull()
    expect(recordingOf(talk({ state: 'asked' }, 'rate'))).toBeNull()
  })
})

describe('what is told of it', () => {
  const scope = effectScope()
  const state = shallowRef<KioskState>(STATE)
  const told = scope.run(() => useRecordingEnd(state))

  async function shows(next: KioskState): Promise<string | null | undefined> {
    state.value = next
    await nextTick()
    return told?.value
  }

  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('stays for fifteen seconds, whatever else happens', async () => {
    expect(await shows(talk({}))).toBeNull()
    expect(await shows(talk({ state: 'stopped', cause: 'stopped' }))).toBe('stopped')
    vi.advanceTimersByTime(14_000)
    expect(await shows(talk({ state: 'stopped', cause: 'stopped' }, 'call_scan'))).toBe('stopped')
    vi.advanceTimersByTime(1_000)
    expect(told?.value).toBeNull()
  })

  it('gives way to the next recording, and to the next resident', async () => {
    await shows(talk({}))
    await shows(talk({ state: 'stopped', cause: 'stopped' }))
    expect(await shows(talk({ recording_id: 'r2' }))).toBeNull()
    expect(await shows(talk({}, 'rate'))).toBe('over')
    expect(await shows(STATE)).toBeNull()
  })
})
