import { type LineCheck, NOTHING_KNOWN } from '@jiujin/shared'
import type { checkLine, LineCheckOptions } from '@jiujin/shared/line-check/check'
import { createApp, defineComponent, nextTick, ref, shallowReactive, shallowRef } from 'vue'
import { describe, expect, it, vi } from 'vitest'

import { EMPTY, type PageModel, reduce } from '../src/agent/model'
import { KIOSK, type Kiosk } from '../src/app/kiosk'
import { needsDesk, needsFace } from '../src/app/needs'
import { NO_DEVICES } from '../src/features/call/face-camera'
import { loudness } from '../src/features/self-test/level'
import { type Findings, useSelfTest } from '../src/features/self-test/self-test'
import { verdicts } from '../src/features/self-test/verdicts'
import type { MachineFound, PageToAgent } from '../src/generated/agent'
import { STATE } from './state'

const LINE: LineCheck = {
  camera: 'ok', microphone: 'ok', loudspeaker: 'heard', round_trip_ms: 30, loss: 0.001, down_kbps: 4000, up_kbps: 2000, relays: 2, relays_reached: 2,
}
const MACHINE: MachineFound = {
  type: 'machine.found', run: 1, camera: 'ok', ice_servers: [{ urls: ['turn:a'], username: 'u', credential: null }], disk_free_mb: 40_000, disk_reserve_mb: 200, clock_skew_s: 0.4,
  empty_desk: 'not_shown', empty_desk_since: null,
}

function judged(line: Partial<LineCheck> = {}, machine: Partial<MachineFound> = {}, state = STATE) {
  return Object.fromEntries(verdicts(state, { ...MACHINE, ...machine }, { ...LINE, ...line }).map(({ part, level, found }) => [part, `${level} ${found}`]))
}

describe('the self-test judges', () => {
  it('a machine that is well as well, every part of it', () => {
    const all = verdicts(STATE, MACHINE, LINE)
    expect(all.map(({ part }) => part)).toEqual(['desk', 'empty_desk', 'face', 'microphone', 'loudspeaker', 'center', 'rate', 'loss', 'relays', 'disk', 'clock'])
    expect(new Set(all.map(({ level }) => level))).toEqual(new Set(['ok']))
  })

  it.each([
    ['desk', judged({}, { camera: 'dark' }), 'broken desk_dark'],
    ['empty_desk', judged(), 'ok empty_desk_not_shown'],
    ['empty_desk', judged({}, { empty_desk: 'known', empty_desk_since: '2026-11-21T06:03:00Z' }), 'ok empty_desk_known'],
    ['empty_desk', judged({}, { empty_desk: 'moved', empty_desk_since: '2026-11-21T06:03:00Z' }), 'weak empty_desk_moved'],
    ['face', judged({ camera: 'nothing' }), 'broken face_nothing'],
    ['microphone', judged({ microphone: 'missing' }), 'broken microphone_missing'],
    ['loudspeaker', judged({ loudspeaker: 'unheard' }), 'weak loudspeaker_unheard'],
    ['loudspeaker', judged({ loudspeaker: 'missing' }), 'broken loudspeaker_missing'],
    ['center', judged({ round_trip_ms: null }), 'broken center_lost'],
    ['center', judged({ round_trip_ms: 900 }), 'weak center_reached'],
    ['center', judged({}, {}, { ...STATE, link: 'offline' }), 'broken center_lost'],
    ['rate', judged({ up_kbps: 80 }), 'weak rate_known'],
    ['rate', judged({ down_kbps: null }), 'weak unknown'],
    ['loss', judged({ loss: 0.2 }), 'weak loss_known'],
    ['relays', judged({ relays_reached: 1 }), 'weak relays_known'],
    ['relays', judged({ relays_reached: 0 }), 'broken relays_known'],
    ['relays', judged({ relays: 0, relays_reached: 0 }, { ice_servers: [] }), 'ok relays_none'],
    ['relays', judged({ relays: 0, relays_reached: 0 }, { ice_servers: null }), 'weak unknown'],
    ['disk', judged({}, { disk_free_mb: 900 }), 'weak disk_free'],
    ['disk', judged({}, { disk_free_mb: 200 }), 'broken disk_free'],
    ['clock', judged({}, {}, { ...STATE, clock_skewed: true }), 'weak clock_off'],
    ['clock', judged({}, { clock_skew_s: null }), 'weak unknown'],
  ])('%s', (part, found, expected) => {
    expect(found[part]).toBe(expected)
  })

  it('nothing that it has not seen yet', () => {
    expect(verdicts(STATE, { ...MACHINE, camera: null }, null).map(({ part }) => part)).toEqual(['disk', 'clock'])
  })
})

describe('loudness', () => {
  it('is nothing for silence and everything for the loudest wave', () => {
    const wave = (value: number) => new Float32Array(8).fill(value)
    expect([loudness(wave(0)), loudness(wave(0.03162)).toFixed(2), loudness(wave(1))]).toEqual([0, '0.50', 1])
  })
})

it('devices are open while a technician looks at them', () => {
  const state = { ...STATE, screen: 'self_test' } as const
  expect([needsFace(state), needsDesk(state)]).toEqual([true, true])
})

function bench() {
  const model = shallowRef<PageModel>({ ...EMPTY, state: STATE })
  const media = shallowReactive({ devices: NO_DEVICES, desk: null, remote: null, others: {}, line: 'none' as const, quality: null, room: NOTHING_KNOWN })
  const sent: PageToAgent[] = []
  const asked: LineCheckOptions[] = []
  let answer: (check: LineCheck) => void = () => undefined
  const check: typeof checkLine = (options) => {
    asked.push(options)
    return new Promise((resolve) => (answer = resolve))
  }
  const kiosk: Kiosk = { model, media, socket: ref('online'), now: ref(0), touch: () => undefined, send: (frame) => sent.push(frame) }
  let findings!: Findings
  const app = createApp(defineComponent({ setup: () => ((findings = useSelfTest(check)), () => null) }))
  app.provide(KIOSK, kiosk).mount(document.createElement('div'))
  const hears = (frame: MachineFound) => (model.value = reduce(model.value, frame, 0))
  return { app, media, sent, asked, findings, hears, answer: (found: LineCheck) => answer(found) }
}
const settled = () => new Promise((resolve) => setTimeout(resolve))

describe('the run of a self-test', () => {
  it('tries the line with the agent’s relays once the devices are open, and tells the center', async () => {
    const { sent, media, asked, findings, hears, answer } = bench()
    expect(sent).toEqual([{ type: 'page.self_test', run: 1, empty_desk: false }])
    hears({ ...MACHINE, camera: null })
    await settled()
    expect(asked).toEqual([])
    media.devices = { stream: {} as MediaStream, camera: true, microphone: true }
    await settled()
    expect(asked).toMatchObject([{ audible: true, path: '/line/data', iceServers: [{ urls: ['turn:a'] }] }])
    answer(LINE)
    await settled()
    expect(sent.at(-1)).toEqual({ type: 'page.line_check', check: LINE })
    expect(findings.running.value).toBe(true)
    hears(MACHINE)
    await settled()
    expect([findings.running.value, findings.machine.value]).toEqual([false, MACHINE])
  })

  it('is over in five seconds though the agent never answers, and takes no answer of another run', async () => {
    vi.useFakeTimers()
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const late = new AbortController()
      setTimeout(() => late.abort(), ms)
      return late.signal
    })
    const { findings, hears, answer } = bench()
    hears({ ...MACHINE, run: 7 })
    await vi.advanceTimersByTimeAsync(4999)
    expect([findings.running.value, findings.machine.value]).toEqual([true, null])
    await vi.advanceTimersByTimeAsync(1)
    answer({ ...LINE, camera: 'missing' })
    await vi.advanceTimersByTimeAsync(0)
    await nextTick()
    expect(findings.running.value).toBe(false)
    vi.useRealTimers()
  })

  it('that was left tells nothing', async () => {
    const { app, media, sent, hears, answer } = bench()
    hears(MACHINE)
    media.devices = { stream: null, camera: false, microphone: false }
    await settled()
    app.unmount()
    answer(LINE)
    await settled()
    expect(sent.map(({ type }) => type)).toEqual(['page.self_test'])
  })
})
