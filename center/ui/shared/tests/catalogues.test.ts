import { describe, expect, it } from 'vitest'

import { holesOf, keysOf, rawTexts, unmatchedKeys } from '../src/testing/catalogues.ts'

const vue = (template: string, script = '') => ({
  'A.vue': `<script setup lang="ts">\n${script}\n</script>\n<template>${template}</template>`,
})

describe('catalogue keys', () => {
  it('finds what is asked for and missing, and what nobody asks for', () => {
    const sources = vue(`<b :title="t('a.b')">{{ t(\`c.\${word}\`) }}</b>`, "t('gone')")
    const keys = keysOf({ a: { b: 'B' }, c: { x: 'X', y: { z: 'Z' } } })
    expect(unmatchedKeys(sources, keys)).toEqual({ missing: ['gone'], unused: ['c.y.z'] })
  })

  it('finds both keys of a choice', () => {
    const sources = vue(`<b>{{ t(kept(a) ? 'a.yes' : 'a.no', { n: t('a.unit') }) }}</b>`)
    const keys = keysOf({ a: { yes: 'Y', unit: 'U', never: 'N' } })
    expect(unmatchedKeys(sources, keys)).toEqual({ missing: ['a.no'], unused: ['a.never'] })
  })

  it('compares named holes', () => {
    expect(holesOf({ a: { b: '{n} of {all}, {n}' } })).toEqual({ 'a.b': '{all} {n}' })
  })
})

describe('raw text', () => {
  it('is found in templates, spoken attributes and scripts', () => {
    const found = rawTexts(vue('<p title="Close">Hello {{ x }}</p>', "const name = '中文' // 注释"))
    expect(found).toEqual(['A.vue: title="Close"', 'A.vue: Hello', "A.vue: const name = '中文'"])
  })

  it('lets signs, numbers and bound words be', () => {
    expect(rawTexts(vue('<p class="x" :title="y"> · 12 % {{ z }}</p>'))).toEqual([])
  })
})
