import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'

import type { PageView } from '@jiujin/shared'

import { useDesk } from '../queue/store.ts'
import { FITTED, rotateRight, type Viewport, zoomStep } from './viewport.ts'

/** What lies on the lawyer's side of the desk: the chosen still page, or the live picture. */
export const usePages = defineStore('pages', () => {
  const desk = useDesk()
  const pages = computed<readonly PageView[]>(() => desk.consultation?.pages ?? [])
  /** Position of the chosen page; null shows the live desk. */
  const chosen = ref<number | null>(null)
  const original = ref(false)
  const views = ref<Record<string, Viewport>>({})
  const unseen = ref(new Set<number>())

  const page = computed(() => pages.value.find(({ position }) => position === chosen.value) ?? null)
  const view = computed<Viewport>({
    get: () => (page.value && views.value[page.value.sha256]) ?? FITTED,
    set: (next) => {
      if (page.value) views.value[page.value.sha256] = next
    },
  })

  watch(
    () => desk.consultation?.consultation_id,
    () => {
      chosen.value = pages.value[0]?.position ?? null
      views.value = {}
      unseen.value = new Set()
    },
  )
  watch(pages, (now, before) => {
    const known = new Set(before.map(({ sha256 }) => sha256))
    const fresh = now.filter(({ sha256 }) => !known.has(sha256))
    const newest = fresh.at(-1)
    if (newest === undefined) return
    // Nobody is pulled away from a page that is being read closely.
    if (view.value.zoom === 1) choose(newest.position)
    else fresh.forEach(({ position }) => unseen.value.add(position))
  })

  function choose(position: number | null): void {
    chosen.value = position
    if (position !== null) unseen.value.delete(position)
  }

  function step(direction: 1 | -1): void {
    const positions = pages.value.map(({ position }) => position)
    const at = chosen.value === null ? (direction > 0 ? -1 : positions.length) : positions.indexOf(chosen.value)
    const next = positions[at + direction]
    if (next !== undefined) choose(next)
  }

  const zoom = (direction: 1 | -1) => (view.value = zoomStep(view.value, direction))
  const rotate = () => (view.value = rotateRight(view.value))
  const fit = () => (view.value = FITTED)

  function picture(of: PageView, kind: 'clean' | 'original'): string {
    const id = desk.consultation?.consultation_id ?? ''
    return `/api/consultations/${id}/pages/${of.position}/${kind}?v=${of.sha256.slice(0, 12)}`
  }

  return { pages, chosen, page, view, original, unseen, choose, step, zoom, rotate, fit, picture }
})
