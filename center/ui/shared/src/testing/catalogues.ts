import { type ElementNode, NodeTypes, parse, type TemplateChildNode } from '@vue/compiler-dom'

export interface Catalogue {
  [key: string]: string | Catalogue
}

/** Texts of files by path, as `import.meta.glob(…, { query: '?raw', import: 'default' })` gives them. */
export type Sources = Record<string, string>

/** Attributes that people read or hear. */
const SPOKEN = new Set(['alt', 'aria-label', 'aria-description', 'label', 'placeholder', 'title'])
const LETTERS = /\p{L}/u
const HAN = /\p{Script=Han}/u
/** `t('a.b')` and its kin with all that stands between the parentheses, two levels deep. */
const CALLS = /\b(?:t|te|rt)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/g
/** `'a.b'`, or `a.${x}.b` in backquotes, whose holes stand for any one part of a key. */
const KEYS = /(?:^\s*'([^'\n]+)'|'(\w+(?:\.\w+)+)'|`([^`\n]+)`)/g
const KEYPATHS = /\bkeypath="([^"]+)"/g

/** Dotted keys of a catalogue, in its order. */
export function keysOf(catalogue: Catalogue, prefix = ''): string[] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  )
}

/** Keys that the sources ask for and the catalogue lacks, and keys that nothing asks for. */
export function unmatchedKeys(sources: Sources, keys: string[]): { missing: string[]; unused: string[] } {
  const asked = [...new Set(Object.values(sources).flatMap(askedKeys))].map((key) => [key, pattern(key)] as const)
  return {
    missing: asked.filter(([, wanted]) => !keys.some((key) => wanted.test(key))).map(([key]) => key),
    unused: keys.filter((key) => !asked.some(([, wanted]) => wanted.test(key))),
  }
}

/** Named holes `{name}` of each message, to compare between languages. */
export function holesOf(catalogue: Catalogue, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(catalogue).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[prefix + key, [...new Set(value.match(/\{\w+\}/g))].sort().join(' ')]]
        : Object.entries(holesOf(value, `${prefix}${key}.`)),
    ),
  )
}

/** Words that stand in templates or scripts instead of the catalogues, as `file: words`. */
export function rawTexts(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([file, text]) => {
    const found = file.endsWith('.vue') ? inTemplate(template(text)) : []
    return [...found, ...inScript(text)].map((words) => `${file}: ${words}`)
  })
}

function askedKeys(source: string): string[] {
  const calls = [...source.matchAll(CALLS)].flatMap(([, inside = '']) =>
    [...inside.matchAll(KEYS)].map(([, first, dotted, holed]) => first ?? dotted ?? holed ?? ''),
  )
  return [...calls, ...[...source.matchAll(KEYPATHS)].map(([, key]) => key ?? '')]
}

function pattern(key: string): RegExp {
  const parts = key.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^.]+')}$`)
}

function template(text: string): TemplateChildNode[] {
  const root = parse(text, { parseMode: 'sfc' }).children
  const block = root.find((node) => node.type === NodeTypes.ELEMENT && node.tag === 'template')
  return block ? (block as ElementNode).children : []
}

function inTemplate(nodes: TemplateChildNode[]): string[] {
  return nodes.flatMap((node) => {
    if (node.type === NodeTypes.TEXT) return LETTERS.test(node.content) ? [node.content.trim()] : []
    if (node.type !== NodeTypes.ELEMENT) return []
    return [...spoken(node), ...inTemplate(node.children)]
  })
}

function spoken(node: ElementNode): string[] {
  return node.props.flatMap((prop) => {
    if (prop.type !== NodeTypes.ATTRIBUTE || !SPOKEN.has(prop.name)) return []
    const words = prop.value?.content ?? ''
    return LETTERS.test(words) ? [`${prop.name}="${words}"`] : []
  })
}

/** Chinese outside comments and templates is always text for people. */
function inScript(text: string): string[] {
  const script = text.replaceAll(/<template>[\s\S]*<\/template>|\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  return script.split('\n').filter((line) => HAN.test(line)).map((line) => line.trim())
}
