import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'

import {
  type CenterToStaff,
  type Drawing,
  type Language,
  type MarkKind,
  type PageMark,
  type PageMarks,
  type PagePoint,
  PointerSender,
  type SheetView,
} from '@jiujin/shared'

import { useLink } from '../link/store.ts'
import { useDesk } from '../queue/store.ts'

export type Tool = 'hand' | 'point' | 'circle' | 'highlight'

/** What lies on the resident's screen, what is drawn on the pages, and what this person draws with. */
export const usePointing = defineStore('pointing', () => {
  const link = useLink()
  const desk = useDesk()
  const sheet = shallowRef<SheetView | null>(null)
  const pages = shallowRef<ReadonlyMap<string, PageMarks>>(new Map())
  /** Drawn here and not yet in the center's word; and taken back here. */
  const drawn = shallowRef<readonly PageMark[]>([])
  const gone = shallowRef<ReadonlySet<string>>(new Set())
  const finger = shallowRef<{ sha256: string; at: PagePoint | null } | null>(null)
  const tool = ref<Tool>('hand')

  const consultationId = computed(() => desk.consultation?.consultation_id ?? null)
  const shownPage = computed(() => (sheet.value?.sheet.show === 'page' ? sheet.value.sheet.sha256 : null))
  const pointer = new PointerSender((sha256, at) => {
    const room_id = consultationId.value
    if (room_id !== null) link.request({ type: 'pointer.move', room_id, sha256, at }).catch(() => undefined)
  })

  watch(consultationId, forget, { flush: 'sync' })
  link.frames.add(apply)

  function forget(): void {
    sheet.value = finger.value = null
    pages.value = new Map()
    drawn.value = []
    gone.value = new Set()
    tool.value = 'hand'
  }

  function apply(frame: CenterToStaff): void {
    if (frame.type === 'pointer.moved' && frame.room_id === consultationId.value)
      finger.value = { sha256: frame.sha256, at: frame.at as PagePoint | null }
    if (!('consultation_id' in frame) || frame.consultation_id !== consultationId.value) return
    if (frame.type === 'sheet.state') {
      if (frame.view?.sheet_id !== sheet.value?.sheet_id) finger.value = null
      sheet.value = frame.view
    }
    if (frame.type === 'marks.state') take(frame.page)
  }

  function take(page: PageMarks): void {
    pages.value = new Map(pages.value).set(page.sha256, page)
    const there = new Set(page.marks.map(({ mark_id }) => mark_id))
    drawn.value = drawn.value.filter(({ mark_id }) => !there.has(mark_id))
  }

  function marksOf(sha256: string): PageMark[] {
    const known = pages.value.get(sha256)?.marks ?? []
    const all = [...known, ...drawn.value.filter((mark) => mark.sha256 === sha256)]
    return all.filter(({ mark_id }) => !gone.value.has(mark_id))
  }

  const ownOf = (sha256: string) => marksOf(sha256).filter(({ author }) => author === 'staff')
  const fingerOn = (sha256: string) => (finger.value?.sha256 === sha256 ? finger.value.at : null)

  async function draw(sha256: string, kind: MarkKind, points: PagePoint[]): Promise<void> {
    const consultation_id = consultationId.value
    if (consultation_id === null) return
    const mark: Drawing = { mark_id: crypto.randomUUID(), sha256, kind, points }
    drawn.value = [...drawn.value, { ...mark, author: 'staff' }]
    if (await desk.ask({ type: 'mark.put', consultation_id, mark }, true)) return
    drawn.value = drawn.value.filter(({ mark_id }) => mark_id !== mark.mark_id)
  }

  async function takeBack(sha256: string): Promise<void> {
    const consultation_id = consultationId.value
    const mark_id = ownOf(sha256).at(-1)?.mark_id
    if (consultation_id === null || mark_id === undefined) return
    gone.value = new Set([...gone.value, mark_id])
    if (await desk.ask({ type: 'mark.take_back', consultation_id, mark_id }, true)) return
    gone.value = new Set([...gone.value].filter((id) => id !== mark_id))
  }

  function point(sha256: string, at: PagePoint | null): void {
    if (shownPage.value === sha256) pointer.move(sha256, at)
  }

  async function showPage(sha256: string, degrees: number): Promise<void> {
    const consultation_id = consultationId.value
    const rotation = (((degrees % 360) + 360) % 360) as 0 | 90 | 180 | 270
    if (consultation_id !== null) await desk.ask({ type: 'sheet.show', consultation_id, sheet: { show: 'page', sha256, rotation } })
  }

  async function showText(text: string, language: Language): Promise<boolean> {
    const consultation_id = consultationId.value
    if (consultation_id === null) return false
    return desk.ask({ type: 'sheet.show', consultation_id, sheet: { show: 'text', text, language } })
  }

  async function close(): Promise<void> {
    const consultation_id = consultationId.value
    if (consultation_id === null || sheet.value === null) return
    await desk.ask({ type: 'sheet.close', consultation_id, sheet_id: sheet.value.sheet_id })
  }

  return { sheet, shownPage, tool, marksOf, ownOf, fingerOn, draw, takeBack, point, showPage, showText, close }
})
