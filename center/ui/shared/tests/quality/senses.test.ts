import { describe, expect, it } from 'vitest'

import type { Sample } from '../../src/rtc/quality/sample.ts'
import { FRESH, hears, microphoneIsSilent, sees, sense, type Senses } from '../../src/rtc/quality/senses.ts'
import { sample } from './samples.ts'

function after(seconds: number, changed: Partial<Sample>, brightness: number | null = 0.5, from: Senses = FRESH): Senses {
  let senses = from
  for (let second = 0; second < seconds; second += 1) senses = sense(senses, sample(changed), brightness)
  return senses
}
const well = after(5, {})

describe('what is noticed of sound and picture', () => {
  it.each([
    ['no packets of sound', { soundPackets: 0, sounded: false }, 1, 'nothing'],
    ['a sound that was never there', { sounded: false }, 2, 'silence'],
    ['a short silence at the beginning', { sounded: false }, 1, 'sound'],
  ] as const)('hears %s', (_case, changed, seconds, heard) => {
    expect(hears(after(seconds, changed))).toBe(heard)
  })

  it('grants a person who spoke before a long silence', () => {
    expect(hears(after(9, { sounded: false }, 0.5, well))).toBe('sound')
    expect(hears(after(10, { sounded: false }, 0.5, well))).toBe('silence')
  })

  it.each([
    ['a frozen picture', { frames: 0 }, 0.5, 2, 'frozen'],
    ['a pause of a second', { frames: 0 }, 0.5, 1, 'picture'],
    ['a black picture', {}, 0.01, 2, 'black'],
    ['a picture nobody could look at', {}, null, 5, 'picture'],
  ] as const)('sees %s', (_case, changed, brightness, seconds, seen) => {
    expect(sees(after(seconds, changed, brightness, well))).toBe(seen)
  })

  it('forgets a fault with the first good second', () => {
    const faulty = after(4, { soundPackets: 0, frames: 0 }, 0, well)
    expect([hears(faulty), sees(faulty)]).toEqual(['nothing', 'frozen'])
    const again = after(1, {}, 0.5, faulty)
    expect([hears(again), sees(again)]).toEqual(['sound', 'picture'])
  })

  it('notices a microphone that gives nothing, and none that is not sent', () => {
    expect(microphoneIsSilent(after(2, { microphoneSounded: false }))).toBe(true)
    expect(microphoneIsSilent(after(20, { microphoneSounded: null }))).toBe(false)
    expect(microphoneIsSilent(after(5, { microphoneSounded: false }, 0.5, well))).toBe(false)
  })
})
