import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { parse } from '@vue/compiler-sfc'
import { describe, expect, it } from 'vitest'

import en from '../src/locales/en.json'
import zh from '../src/locales/zh.json'

const SRC = 'center/ui/console/src'
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(vue|ts)$/.test(name))
const sources = new Map(files.map((name) => [name, readFileSync(join(SRC, name), 'utf8')]))
const wire = readFileSync('center/ui/shared/src/generated/center.d.ts', 'utf8')

function flatten(tree: object, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value as object, `${prefix}${key}.`),
  )
}

const chinese = new Map(flatten(zh))
const english = new Map(flatten(en))

/** Keys that the sources name: whole ones, and patterns where a part is computed. */
function usedKeys(): { whole: Set<string>; patterns: RegExp[] } {
  const whole = new Set<string>()
  const patterns: RegExp[] = []
  for (const text of sources.values()) {
    for (const [, argument = ''] of text.matchAll(/\bt[e]?\(((?:[^()]|\([^()]*\))*)\)/g)) {
      for (const [, key = ''] of argument.matchAll(/'([a-z_]+(?:\.[a-z_]+)+)'/g)) whole.add(key)
      for (const [, key = ''] of argument.matchAll(/`([^`]+)`/g)) {
        patterns.push(new RegExp(`^${key.replaceAll('.', '\\.').replaceAll(/\$\{[^}]+\}/g, '[a-z_]+')}$`))
      }
    }
  }
  return { whole, patterns }
}

function wordsOf(enumName: string): string[] {
  const union = new RegExp(`^ {8}${enumName}: ((?:"[a-z_]+"(?: \\| )?)+);`, 'm').exec(wire)?.[1] ?? ''
  return [...union.matchAll(/"([a-z_]+)"/g)].map(([, word]) => word as string)
}

describe('catalogues', () => {
  it('have the same keys and the same parameters', () => {
    expect([...chinese.keys()]).toEqual([...english.keys()])
    const parameters = (text = '') => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
    for (const [key, text] of chinese) expect(parameters(english.get(key)), key).toEqual(parameters(text))
  })

  it('have every key that is used', () => {
    const { whole, patterns } = usedKeys()
    expect([...whole].filter((key) => !chinese.has(key))).toEqual([])
    const empty = patterns.filter((pattern) => ![...chinese.keys()].some((key) => pattern.test(key)))
    expect(empty).toEqual([])
  })

  it('have no key that is unused', () => {
    const { whole, patterns } = usedKeys()
    const unused = [...chinese.keys()].filter((key) => !whole.has(key) && !patterns.some((one) => one.test(key)))
    expect(unused).toEqual([])
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
    expect(words.filter((word) => !chinese.has(`${prefix}.${word}`))).toEqual([])
  })
})

interface TemplateNode {
  type: number
  content?: unknown
  children?: TemplateNode[]
  props?: { type: number; name: string; value?: { content: string } }[]
  branches?: TemplateNode[]
}

const TEXT = 2
const ATTRIBUTE = 6
const SPOKEN = new Set(['title', 'alt', 'placeholder', 'aria-label', 'label'])
const isWords = (text: string) => /[\p{L}]/u.test(text)

function rawTexts(node: TemplateNode): string[] {
  const own = node.type === TEXT && typeof node.content === 'string' && isWords(node.content) ? [node.content] : []
  const attributes = (node.props ?? []).filter(
    (prop) => prop.type === ATTRIBUTE && SPOKEN.has(prop.name) && isWords(prop.value?.content ?? ''),
  )
  const inner = [...(node.children ?? []), ...(node.branches ?? [])].flatMap(rawTexts)
  return [...own, ...attributes.map(({ value }) => value?.content ?? ''), ...inner]
}

// The names of keys are the same in every language.
const KEY_NAMES = new Set(['Enter', 'M', 'C', 'N'])

it.each(files.filter((name) => name.endsWith('.vue')))('%s has no text outside the catalogues', (name) => {
  const ast = parse(sources.get(name) ?? '').descriptor.template?.ast as TemplateNode | undefined
  const found = ast ? rawTexts(ast).map((text) => text.trim()) : []
  expect(found.filter((text) => !KEY_NAMES.has(text))).toEqual([])
})
