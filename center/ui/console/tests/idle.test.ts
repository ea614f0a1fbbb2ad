import { describe, expect, it } from 'vitest'

import { idleWords } from '../src/features/call/idle.ts'
import en from '../src/locales/en.json'
import zh from '../src/locales/zh.json'

describe('where no consultation is open', () => {
  it.each([
    ['off', 3, 'off'],
    ['away', 3, 'away'],
    ['available', 0, 'quiet'],
    ['available', 3, 'waiting'],
    ['offered', 3, 'ringing'],
    ['busy', 3, 'busy'],
    ['wrap_up', 3, 'busy'],
  ] as const)('on duty as %s, %i waiting: only who may take one is asked to', (duty, waiting, expected) => {
    expect(idleWords(duty, waiting)).toBe(expected)
    expect([zh.idle, en.idle].map((idle) => idle[expected].title)).not.toContain('')
  })
})
