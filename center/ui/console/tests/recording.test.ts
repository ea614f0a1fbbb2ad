import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { createI18n } from 'vue-i18n'

import type { RecordingView } from '@jiujin/shared'

import { marksOf } from '../src/features/recording/moments.ts'
import { correction, covers, lengthOf, shownOf, viewsOf } from '../src/features/recording/playhead.ts'
import RecordingControl from '../src/features/recording/RecordingControl.vue'
import RecordingNews from '../src/features/recording/RecordingNews.vue'
import zh from '../src/locales/zh.json'

const part = (peer: string, since_s: number, until_s: number, streams = ['face.audio', 'face.video']) => ({ peer, name: peer, since_s, until_s, streams })
const KIOSK = part('kiosk:K01', 1, 20)
const FIRST = part('staff:jin', 0, 10)
const SECOND = part('staff:jin', 12, 30)

describe('the common scale of a recording', () => {
  it('is as long as its longest part', () => {
    expect(lengthOf([KIOSK, FIRST, SECOND])).toBe(30)
    expect(lengthOf([])).toBe(0)
  })

  it('runs a part where it has something', () => {
    expect([0.5, 1, 19.9, 20].map((at) => covers(KIOSK, at))).toEqual([false, true, true, false])
  })

  it('puts right what is heard apart and leaves the rest alone', () => {
    expect(correction(5, 5.05)).toBeNull()
    expect(correction(5, 5.2)).toBe(5)
  })

  it('keeps the parts of one person in one place, desks apart, and shows the one that runs', () => {
    const views = viewsOf([part('staff:jin', 3, 9, ['desk.video']), FIRST, KIOSK, SECOND])
    expect(views.map(({ name, desk, parts }) => [name, desk, parts.length])).toEqual([
      ['staff:jin', false, 2],
      ['kiosk:K01', false, 1],
      ['staff:jin', true, 1],
    ])
    const shown = [0, 11, 12].map((at) => shownOf([FIRST, SECOND], at))
    expect(shown).toEqual([FIRST, FIRST, SECOND])
    expect(shownOf([KIOSK], 0)).toBe(KIOSK)
  })
})

describe('what happened meanwhile', () => {
  const moment = (type: string, data: Record<string, unknown> = {}, at_s = 3, name = '') => ({ at_s, type, actor: '', data, name })

  it('is worded by who did what', () => {
    const marks = marksOf([
      moment('recording_asked', { peer: 'staff:jin' }, -2),
      moment('recording_answered', { peer: 'kiosk:K01', agreed: true }),
      moment('recording_answered', { peer: 'staff:jin', agreed: false }),
      moment('media_reported', { side: 'kiosk', state: 'lost' }),
      moment('recorder_reported', { fault: 'silent' }),
      moment('recorder_reported', { fault: null }),
      moment('relaxed'),
    ])
    expect(marks.map(({ key }) => key)).toEqual([
      'recording_asked',
      'agreed_kiosk',
      'refused_staff',
      'lost_kiosk',
      'recorder_failed',
      'recorder_back',
    ])
    expect(marks[0]?.at).toBe(0)
  })

  it('names those of a mediation, who are known by their seats', () => {
    const marks = marksOf([
      moment('recording_answered', { peer: 's1', agreed: true }, 0, '张三'),
      moment('recording_answered', { peer: 's2', agreed: false }, 1, '李四'),
      moment('floor_given', { seat_id: 's1' }, 2, '张三'),
      moment('floor_given', { seat_id: null }, 3),
      moment('side_opened', { seat_id: 's2', interpreted: false }, 4, '李四'),
      moment('hand_raised', { seat_id: 's2' }, 5, '李四'),
    ])
    expect(marks.map(({ key, name }) => [key, name])).toEqual([
      ['agreed_seat', '张三'],
      ['refused_seat', '李四'],
      ['floor_given', '张三'],
      ['floor_open', ''],
      ['side_opened', '李四'],
    ])
  })
})

describe('an alarm of the recording', () => {
  const chinese = () => ({ plugins: [createI18n({ legacy: false, locale: 'zh', messages: { zh } })] })
  const running = (fault: RecordingView['fault']): RecordingView => ({ state: 'running', recording_id: 'r1', agreed: true, since: null, cause: null, fault })
  const alarm = (fault: RecordingView['fault'], ways: { retry?: () => Promise<boolean> } = {}) => {
    const stop = vi.fn(async () => true)
    const news = mount(RecordingNews, { props: { recording: running(fault), stop, ...ways }, global: chinese() })
    return { news, stop }
  }

  it.each([
    [null, zh.recording.running],
    ['down', zh.recording.failing],
    ['silent', zh.recording.failing],
  ] as const)('stands beside no word that it is recorded: %s', (fault, words) => {
    const nothing = async () => true
    const control = mount(RecordingControl, { props: { recording: running(fault), mayAsk: false, ask: nothing, stop: nothing }, global: chinese() })
    expect(control.get('[data-testid=recording-state]').text()).toContain(words)
  })

  it.each(['down', 'silent', 'disk_full', 'disk_failed'] as const)('says what is wrong and has two ways on: %s', async (fault) => {
    const retry = vi.fn(async () => true)
    const { news, stop } = alarm(fault, { retry })
    expect(news.get('[role=alert]').text()).toContain(zh.recording.fault[fault])
    await news.get('[data-testid=recording-retry]').trigger('click')
    await flushPromises()
    await news.get('[data-testid=recording-without]').trigger('click')
    expect([retry.mock.calls, stop.mock.calls]).toEqual([[['r1']], [['r1']]])
  })

  it('leaves the trying to the mediator, and to what is tried already', () => {
    expect(alarm('down').news.find('[data-testid=recording-retry]').exists()).toBe(false)
    const { news } = alarm('retrying', { retry: async () => true })
    expect(news.text()).toContain(zh.recording.fault.retrying)
    expect(news.find('[data-testid=recording-retry]').exists()).toBe(false)
  })
})
