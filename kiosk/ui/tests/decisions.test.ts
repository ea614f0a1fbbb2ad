import type { CallQuality } from '@jiujin/shared'
import { describe, expect, it } from 'vitest'

import { dayAndTime, minutesOf, secondsLeft } from '../src/app/format'
import { hasPersonal, needsDesk, needsFace, roomVerdict } from '../src/app/needs'
import { arrivalOf, isVoiceOnly, sentenceOf } from '../src/features/call/line'
import { outlinePoints, ringDash } from '../src/features/desk/outline'
import { truth, truthSentence } from '../src/features/home/truth'
import { writtenAnswer } from '../src/features/lookup/answer'
import { complete, erased, shownNumber, typed } from '../src/features/lookup/fields'
import { spokenIn } from '../src/features/lookup/spoken'
import { aheadOf, headline } from '../src/features/wait/place'
import type { ConsultationView } from '../src/generated/agent'
import { HALL, STATE, WAITING } from './state'

const room = {
  room_id: 'c1', open: true, you: 'kiosk:K01', peers: [], your_session: null, ice_servers: [], ice_transport_policy: 'all' as const,
}

describe('what the machine opens', () => {
  it('opens camera and microphone while waiting and closes them after the talk', () => {
    expect(needsFace({ ...STATE, screen: 'papers' })).toBe(false)
    expect(needsFace({ ...STATE, screen: 'wait' })).toBe(true)
    expect(needsFace({ ...STATE, screen: 'scan', consultation: WAITING })).toBe(true)
    expect(needsFace({ ...STATE, screen: 'rate', consultation: { ...WAITING, state: 'active' } })).toBe(false)
    expect(needsFace({ ...STATE, consultation: { ...WAITING, state: 'closed' } })).toBe(false)
  })

  it('opens the desk where papers may be laid, unless the camera is gone', () => {
    expect(needsDesk({ ...STATE, screen: 'scan' })).toBe(true)
    expect(needsDesk({ ...STATE, screen: 'home' })).toBe(false)
    expect(needsDesk({ ...STATE, screen: 'scan', camera: 'unplugged' })).toBe(false)
  })

  it('keeps a talk when an agent that was started anew knows of no room yet', () => {
    expect(roomVerdict({ ...STATE, room })).toBe('follow')
    expect(roomVerdict({ ...STATE, screen: 'call', link: 'connecting' })).toBe('hold')
    expect(needsFace({ ...STATE, screen: 'call', link: 'connecting' })).toBe(true)
    expect(roomVerdict({ ...STATE, screen: 'scan', consultation: WAITING })).toBe('hold')
    expect(roomVerdict({ ...STATE, screen: 'rate' })).toBe('close')
    expect(roomVerdict(STATE)).toBe('close')
  })

  it('asks before leaving once something personal is here', () => {
    expect(hasPersonal(STATE)).toBe(false)
    expect(hasPersonal({ ...STATE, matter: 'debt' })).toBe(true)
  })
})

describe('the home screen promises', () => {
  const t = (key: string, values?: Record<string, string | number>) => `${key} ${JSON.stringify(values ?? {})}`
  const when = (moment: string) => moment

  it.each([
    ['open', HALL],
    ['busy', { ...HALL, lawyers_free: 0 }],
    ['closed', { ...HALL, lawyers_on_duty: 0 }],
    ['offline', null],
  ] as const)('%s', (expected, hall) => {
    expect(truth({ ...STATE, hall })).toBe(expected)
  })

  it('an honest unknown instead of an invented wait', () => {
    const hall = { ...HALL, lawyers_free: 0, estimate_s: null }
    expect(truthSentence({ ...STATE, hall }, t, when)).toBe('home.status.busy_unknown {"n":2}')
  })

  it('nothing it does not know when the line is cut', () => {
    expect(truthSentence({ ...STATE, link: 'offline' }, t, when)).toBe('home.status.offline {}')
  })
})

describe('pictures', () => {
  it('maps a quad of fractions into the box, inside its edges', () => {
    expect(outlinePoints([[0.5, 0.25], [1.2, -0.1]], 1600, 900)).toBe('800.0,225.0 1600.0,0.0')
  })

  it('draws as much of the ring as there is progress', () => {
    const [drawn, rest] = ringDash(0.25, 54).split(' ').map(Number)
    expect(drawn).toBeCloseTo((2 * Math.PI * 54) / 4, 1)
    expect(rest).toBeCloseTo((2 * Math.PI * 54 * 3) / 4, 1)
  })
})

describe('words of time', () => {
  const t = (key: string, values?: Record<string, string | number>) => `${key}|${values?.date ?? ''}|${values?.time ?? ''}`
  const now = Date.parse('2026-11-21T15:30:00Z') // 23:30 on the 21st, official time

  it('counts days by official time, not by the clock of the machine', () => {
    expect(dayAndTime(Date.parse('2026-11-21T16:10:00Z'), now, 'zh-CN', t)).toBe('time.tomorrow||00:10')
    expect(dayAndTime(Date.parse('2026-11-21T15:45:00Z'), now, 'zh-CN', t)).toBe('time.today||23:45')
    expect(dayAndTime(Date.parse('2026-11-24T02:00:00Z'), now, 'zh-CN', t)).toMatch(/^time\.day\|11月24日周二\|10:00$/)
  })

  it('rounds a wait to whole minutes, at least one', () => {
    expect([20, 89, 90, 1500].map(minutesOf)).toEqual([1, 1, 2, 25])
  })

  it('counts down to zero and no further', () => {
    expect(secondsLeft('2026-11-21T15:30:01.500Z', now)).toBe(2)
    expect(secondsLeft('2026-11-21T15:29:00Z', now)).toBe(0)
    expect(secondsLeft(null, now)).toBe(0)
  })
})

describe('a number typed from the slip', () => {
  const empty = { digits: '', code: '' }
  const all = (digits: string) => [...digits].reduce((fields, digit) => typed(fields, 'digits', digit), empty)

  it('shows where digits are still missing', () => {
    expect(shownNumber('')).toBe('YJ-________-____')
    expect(shownNumber('2026112100')).toBe('YJ-20261121-00__')
    expect(shownNumber('2026112112345')).toBe('YJ-20261121-12345')
  })

  it('takes no more digits than a slip can have, and gives them back one by one', () => {
    const full = all('20261121123456789')
    expect(full.digits).toBe('20261121123456')
    expect(erased(full, 'digits').digits).toBe('2026112112345')
  })

  it('is complete with four digits of serial and six of code', () => {
    expect(complete({ digits: '202611210007', code: '048213' })).toBe(true)
    expect(complete({ digits: '20261121000', code: '048213' })).toBe(false)
    expect(complete({ digits: '202611210007', code: '04821' })).toBe(false)
  })
})

describe('the line', () => {
  const present = { stream: null, camera: true, microphone: true }
  const quality = (remark: CallQuality['remark'], picture: 'full' | 'paused' | 'off' | 'none' = 'full') =>
    ({ remark, theirs: { picture } }) as CallQuality

  it('is told in one sentence: what is cut, what is missing here, what the line does', () => {
    expect(sentenceOf('up', present, null)).toBe('call.remark.good')
    expect(sentenceOf('up', present, quality('picture_paused'))).toBe('call.remark.picture_paused')
    expect(sentenceOf('lost', present, quality('weak'))).toBe('call.line_lost')
    expect(sentenceOf('up', { ...present, microphone: false }, quality('weak'))).toBe('call.no_microphone')
    expect(sentenceOf('up', { ...present, camera: false }, quality('good'))).toBe('call.no_camera')
    expect(sentenceOf('up', { ...present, camera: false }, quality('weak'))).toBe('call.remark.weak')
  })

  it('says so when only sound arrives', () => {
    expect((['full', 'paused', 'off', 'none'] as const).map((picture) => isVoiceOnly(quality('good', picture)))).toEqual(
      [false, true, true, true],
    )
    expect(isVoiceOnly(null)).toBe(false)
  })
})

describe('a talk without a connection', () => {
  const t = (key: string, values = {}) => [key, ...Object.values(values)].join(' ')
  const lawyer = { staff_id: 'jin', name: 'Jin', office: 'Zhongcheng', languages: ['zh'] } as const

  it.each([
    [null, 'call.connecting_anyone'],
    [{ ...WAITING, state: 'connecting' }, 'call.connecting_anyone'],
    [{ ...WAITING, state: 'connecting', lawyer }, 'call.connecting Jin'],
    [{ ...WAITING, state: 'active', lawyer }, 'call.line_lost'],
    [{ ...WAITING, state: 'interrupted', lawyer }, 'call.line_lost'],
  ])('%#: begins, or comes back', (consultation, said) => {
    expect(arrivalOf(consultation as ConsultationView | null, t)).toBe(said)
  })
})

describe('what is written under a looked-up number', () => {
  it.each([
    ['waiting', null],
    ['offered', null],
    ['connecting', null],
    ['active', null],
    ['interrupted', null],
    ['wrap_up', null],
    ['closed', null],
    ['left', null],
    ['message', 'promised'],
  ] as const)('%s: an answer comes only where one was promised', (state, expected) => {
    expect(writtenAnswer({ state, answer: null })).toBe(expected)
    expect(writtenAnswer({ state, answer: 'Ja' })).toBe('given')
  })
})

describe('a text in two languages', () => {
  it('is read aloud in the one that the screen speaks', () => {
    const text = '第一条 还款\n제1조 갚기\n\n2026\n'
    expect([spokenIn(text, 'zh'), spokenIn(text, 'ko'), spokenIn('제1조', 'zh')]).toEqual(['第一条 还款\n2026', '제1조 갚기', ''])
  })
})

describe('whoever waits', () => {
  const t = (key: string, values = {}) => [key, ...Object.values(values)].join(' ')
  const far = { ...WAITING, place: { position: 3, estimate_s: null, moved_back: null } }
  const tomorrow = '2026-11-22T02:00:00Z'
  const lawyer = { staff_id: 'jin', name: 'Jin', office: 'Zhongcheng', languages: ['zh', 'ko'] }

  it.each([
    [null, HALL, 'wait.requesting'],
    [WAITING, HALL, 'wait.next'],
    [far, HALL, 'wait.ahead 2'],
    [WAITING, null, 'wait.next'],
    [WAITING, { ...HALL, lawyers_on_duty: 0, next_answer_at: tomorrow }, 'wait.nobody'],
    [far, { ...HALL, open: false, opens_at: tomorrow }, 'wait.shut'],
    [{ ...WAITING, state: 'offered' }, { ...HALL, open: false, opens_at: tomorrow }, 'wait.calling'],
    [{ ...WAITING, state: 'offered', lawyer }, HALL, 'wait.calling'],
    [{ ...WAITING, state: 'connecting', lawyer }, HALL, 'call.connecting Jin'],
  ] as const)('%#: reads first what matters most', (consultation, hall, said) => {
    expect(headline(consultation as ConsultationView | null, hall, t)).toBe(said)
  })

  it('counts those before, and nobody before it has a place', () => {
    expect([far, WAITING, null].map(aheadOf)).toEqual([2, 0, 0])
  })
})
