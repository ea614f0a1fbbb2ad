import { computed, ref, type UnwrapNestedRefs } from 'vue'

import type { PageView } from '@jiujin/shared'

import { FITTED, rotateRight, type Viewport, zoomStep } from './viewport.ts'

/** How the pages of one consultation are looked at; the shape that the viewer and its tools work with. */
export type Paper = UnwrapNestedRefs<ReturnType<typeof paperOf>>

/** Which page is chosen, as what, and how it is turned; `pages` may grow meanwhile. */
export function paperOf(consultationId: () => string, pages: () => readonly PageView[]) {
  const chosen = ref<number | null>(null)
  const original = ref(false)
  const views = ref<Record<string, Viewport>>({})
  const page = computed(() => pages().find(({ position }) => position === chosen.value) ?? null)
  const view = computed<Viewport>(() => (page.value && views.value[page.value.sha256]) ?? FITTED)
  const documentUrl = computed(() => `/api/consultations/${consultationId()}/document.pdf`)

  /** Begin with the first page, as if nothing had been looked at. */
  function begin(): void {
    chosen.value = pages()[0]?.position ?? null
    original.value = false
    views.value = {}
  }

  function look(next: Viewport): void {
    if (page.value) views.value[page.value.sha256] = next
  }

  const toggleOriginal = () => (original.value = !original.value)
  const zoom = (direction: 1 | -1) => look(zoomStep(view.value, direction))
  const rotate = () => look(rotateRight(view.value))
  const fit = () => look(FITTED)

  function picture(of: PageView, kind: 'clean' | 'original' | 'preview'): string {
    return `/api/consultations/${consultationId()}/pages/${of.position}/${kind}?v=${of.sha256.slice(0, 12)}`
  }

  return { chosen, original, page, view, documentUrl, begin, look, toggleOriginal, zoom, rotate, fit, picture }
}
