import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { parse } from 'vue/compiler-sfc'
import { describe, expect, it } from 'vitest'

import en from '../src/locales/en.json'
import ko from '../src/locales/ko.json'
import zh from '../src/locales/zh.json'

const SOURCES = join(process.cwd(), 'kiosk/ui/src')

interface Tree {
  [key: string]: string | Tree
}

function leaves(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...leaves(value, `${prefix}${key}.`)],
    ),
  )
}

const CATALOGUES = { zh: leaves(zh), ko: leaves(ko), en: leaves(en) }

function sources(folder = SOURCES): { path: string; text: string }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : sources(path)
    return /\.(vue|ts)$/.test(entry.name) ? [{ path, text: readFileSync(path, 'utf8') }] : []
  })
}

/** Keys named in the sources, as patterns: `coach.${word}` stands for every key under `coach.`. */
function usedKeys(): RegExp[] {
  const quoted = /[`'"]((?:[a-z][a-z_]*\.)+(?:[a-z_]+|(?:[a-z_]*\$\{[^}]*\}))(?:\.[a-z_]+)*)[`'"]/g
  return sources().flatMap(({ text }) =>
    [...text.matchAll(quoted)].map(([, key = '']) => {
      const pattern = key.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.'))
      return new RegExp(`^${pattern.join('[^.]+')}$`)
    }),
  )
}

describe('catalogues', () => {
  it.each(['ko', 'en'] as const)('%s has the keys of zh, no more and no less', (language) => {
    expect([...CATALOGUES[language].keys()].sort()).toEqual([...CATALOGUES.zh.keys()].sort())
  })

  it.each(['ko', 'en'] as const)('%s fills in the same values as zh', (language) => {
    const values = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
    for (const [key, text] of CATALOGUES[language]) {
      expect(values(text), key).toEqual(values(CATALOGUES.zh.get(key) ?? ''))
    }
  })

  it('has no key that no source uses', () => {
    const used = usedKeys()
    const unused = [...CATALOGUES.zh.keys()].filter((key) => !used.some((pattern) => pattern.test(key)))
    expect(unused).toEqual([])
  })

  it('speaks plainly: no exclamation marks, nothing empty', () => {
    for (const catalogue of Object.values(CATALOGUES)) {
      for (const [key, text] of catalogue) {
        expect(text.trim(), key).not.toBe('')
        expect(text, key).not.toMatch(/[!！]/)
      }
    }
  })
})

interface Node {
  type: number
  tag?: string
  content?: string | { content: string }
  props?: { type: number; name: string; value?: { content: string } }[]
  children?: Node[]
}

const ELEMENT_TEXT = 2
const ATTRIBUTE = 6
const SPOKEN = new Set(['alt', 'aria-label', 'placeholder', 'title'])

function rawTexts(node: Node): string[] {
  const own = node.type === ELEMENT_TEXT && typeof node.content === 'string' ? [node.content] : []
  const spoken = (node.props ?? [])
    .filter(({ type, name }) => type === ATTRIBUTE && SPOKEN.has(name))
    .map(({ value }) => value?.content ?? '')
  return [...own, ...spoken, ...(node.children ?? []).flatMap(rawTexts)].filter((text) => /\p{L}/u.test(text))
}

describe('templates', () => {
  it.each(sources().filter(({ path }) => path.endsWith('.vue')))('$path holds no text of its own', ({ text }) => {
    const ast = parse(text).descriptor.template?.ast as Node | undefined
    expect(ast ? rawTexts(ast) : []).toEqual([])
  })

  it('would notice text in a template', () => {
    const ast = parse('<template><p aria-label="名字">你好</p></template>').descriptor.template?.ast as Node | undefined
    expect(ast && rawTexts(ast).sort()).toEqual(['你好', '名字'])
  })
})
