import { computed, ref, type UnwrapNestedRefs } from 'vue'

import type { PageView } from '@jiujin/shared'

import { FITTED, rotateRight, type Viewport, zoomStep } from './viewport.ts'

/** How the pages of one consultation are looked at; the shape that the viewer and its tools work with. */
export type Paper = UnwrapNestedRefs<ReturnType<typeof paperOf>>

/** Which page is chosen, as what, and how it is turned; `pages` may grow meanwhile. */
export function paperOf(consultationId: () => string, pages: () => readonly PageView[]) {
  const chosen = ref<number | null>(null)
  const wantsOriginal = ref(false)
  const views = ref<Record<string, Viewport>>({})
  const page = computed(() => pages().find(({ position }) => position === chosen.value) ?? null)
  const view = computed<Viewport>(() => (page.value && views.value[page.value.sha256]) ?? FITTED)
  /** As captured; the flattened page as long as the original is on its way. */
  const original = computed(() => wantsOriginal.value && page.value?.stage === 'whole')
  /** Pages whose original is on its way: a document needs them all. */
  const coming = computed(() => pages().flatMap(({ position, stage }) => (stage === 'whole' ? [] : [position])))
  const documentUrl = computed(() => `/api/consultations/${consultationId()}/document.pdf`)

  /** Begin with the first page, as if nothing had been looked at. */
  function begin(): void {
    chosen.value = pages()[0]?.position ?? null
    wantsOriginal.value = false
    views.value = {}
  }

  function look(next: Viewport): void {
    if (page.value) views.value[page.value.sha256] = next
  }

  const toggleOriginal = () => (wantsOriginal.value = !wantsOriginal.value)
  const zoom = (direction: 1 | -1) => look(zoomStep(view.value, direction))
  const rotate = () => look(rotateRight(view.value))
  const fit = () => look(FITTED)

  function picture(of: PageView, kind: 'clean' | 'original' | 'preview'): string {
    return `/api/consultations/${consultationId()}/pages/${of.position}/${kind}?v=${of.sha256.slice(0, 12)}`
  }

  /** Shown until the full picture is here. */
  const small = computed(() => (page.value && !original.value ? picture(page.value, 'preview') : ''))
  /** Empty while it is on its way from the hall. */
  const full = computed(() => {
    if (page.value === null || page.value.stage === 'preview') return ''
    return picture(page.value, original.value ? 'original' : 'clean')
  })

  return { chosen, original, coming, small, full, page, view, documentUrl, begin, look, toggleOriginal, zoom, rotate, fit, picture }
}
