import { describe, expect, it } from 'vitest'

import { level, PRESUMED, type PeerReport, remark } from '../../src/rtc/quality/report.ts'

const said = (changed: Partial<PeerReport> = {}): PeerReport => ({ ...PRESUMED, ...changed })

describe('the one thing that is said', () => {
  it.each<[string, Partial<PeerReport>, Partial<PeerReport>, string, string]>([
    ['nothing is wrong', {}, {}, 'good', 'good'],
    ['the other side hears nothing', {}, { hears: 'nothing' }, 'they_hear_nothing', 'good'],
    ['this side hears nothing', { hears: 'nothing' }, {}, 'you_hear_nothing', 'good'],
    ['nobody has a microphone there', { hears: 'nothing' }, { sound: 'none' }, 'their_microphone_silent', 'good'],
    ['one is muted, and not heard for it', { sound: 'muted' }, { hears: 'silence' }, 'good', 'good'],
    ['the other is muted', { hears: 'silence' }, { sound: 'muted' }, 'they_are_muted', 'good'],
    ['this microphone is dead', { sound: 'silent' }, { hears: 'silence' }, 'your_microphone_silent', 'good'],
    ['silence arrives there', {}, { hears: 'silence' }, 'your_microphone_silent', 'good'],
    ['the other microphone is dead', { hears: 'silence' }, {}, 'their_microphone_silent', 'good'],
    ['the picture went for the sound', { picture: 'paused' }, { sees: 'frozen' }, 'picture_paused', 'sound_only'],
    ['their picture went for the sound', { sees: 'frozen', grade: 'weak' }, { picture: 'paused' }, 'picture_paused', 'sound_only'],
    ['the picture stands', { sees: 'frozen' }, {}, 'picture_frozen', 'good'],
    ['our picture stands there', {}, { sees: 'frozen' }, 'your_picture_frozen', 'good'],
    ['the picture is black', { sees: 'black' }, {}, 'picture_black', 'good'],
    ['our picture is black there', {}, { sees: 'black' }, 'your_picture_black', 'good'],
    ['a camera was switched off there', { sees: 'frozen' }, { picture: 'off' }, 'their_picture_off', 'good'],
    ['the picture is small', { picture: 'small' }, { grade: 'weak' }, 'picture_small', 'weak'],
    ['the line is weak there', {}, { grade: 'weak' }, 'weak', 'weak'],
    ['the line is fair', { grade: 'fair' }, {}, 'fair', 'fair'],
    ['the line is cut', { grade: 'broken', hears: 'nothing' }, { picture: 'paused' }, 'you_hear_nothing', 'broken'],
  ])('when %s', (_case, mine, theirs, words, line) => {
    expect(remark(said(mine), said(theirs))).toBe(words)
    expect(level(said(mine), said(theirs))).toBe(line)
  })
})
