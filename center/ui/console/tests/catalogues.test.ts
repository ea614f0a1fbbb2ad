import { describe, expect, it } from 'vitest'

import { type Catalogue, holesOf, keysOf, rawTexts, type Sources, unmatchedKeys } from '@jiujin/shared/testing/catalogues'
import wire from '../../shared/src/generated/center.d.ts?raw'
import en from '../src/locales/en.json'
import zh from '../src/locales/zh.json'

const sources = import.meta.glob(['../src/**/*.{vue,ts}', '../../shared/src/{staff,line-record}/*.{vue,ts}'], {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Sources
const catalogues: Record<string, Catalogue> = { zh, en }
/** The names of keys are the same in every language. */
const KEY_NAMES = /: (Enter|M|C|N|S|T)$/

function wordsOf(enumName: string): string[] {
  const union = new RegExp(`^ {8}${enumName}: ((?:"[a-z_]+"(?: \\| )?)+);`, 'm').exec(wire)?.[1] ?? ''
  return [...union.matchAll(/"([a-z_]+)"/g)].map(([, word]) => word as string)
}

describe('catalogues of the console', () => {
  it.each(Object.entries(catalogues))('%s has every key that is asked for, and no other', (_, catalogue) => {
    expect(unmatchedKeys(sources, keysOf(catalogue))).toEqual({ missing: [], unused: [] })
  })

  it('have the same keys with the same holes', () => {
    expect(holesOf(en)).toEqual(holesOf(zh))
  })

  it('hold all text that people read', () => {
    expect(rawTexts(sources).filter((found) => !KEY_NAMES.test(found))).toEqual([])
  })

  it.each([
    ['ErrorCode', 'errors'],
    ['Language', 'language'],
    ['Matter', 'matter'],
    ['Outcome', 'outcome'],
    ['DutyState', 'duty.state'],
    ['ConsultationState', 'state'],
    ['EndCause', 'call.ended'],
    ['Role', 'role'],
  ])('word every %s', (enumName, prefix) => {
    const words = wordsOf(enumName)
    expect(words.length).toBeGreaterThan(2)
    const known = keysOf(zh)
    expect(words.filter((word) => !known.includes(`${prefix}.${word}`))).toEqual([])
  })
})
