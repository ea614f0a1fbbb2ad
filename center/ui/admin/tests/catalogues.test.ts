import { describe, expect, it } from 'vitest'

import { type Catalogue, holesOf, keysOf, rawTexts, type Sources, unmatchedKeys } from '@jiujin/shared/testing/catalogues'

import en from '../src/locales/en.json'
import zh from '../src/locales/zh.json'

const sources = import.meta.glob(['../src/**/*.{vue,ts}', '../../shared/src/{staff,line-record}/*.{vue,ts}'], {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Sources
const catalogues: Record<string, Catalogue> = { zh, en }

describe('catalogues of the admin pages', () => {
  it.each(Object.entries(catalogues))('%s has every key that is asked for, and no other', (_, catalogue) => {
    expect(unmatchedKeys(sources, keysOf(catalogue))).toEqual({ missing: [], unused: [] })
  })

  it('have the same keys with the same holes', () => {
    expect(holesOf(en)).toEqual(holesOf(zh))
  })

  it('hold all text that people read', () => {
    expect(rawTexts(sources)).toEqual([])
  })
})
