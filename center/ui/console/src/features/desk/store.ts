import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'

import type { PageView } from '@jiujin/shared'

import { useDesk } from '../queue/store.ts'
import { paperOf } from './paper.ts'

/** What lies on the lawyer's side of the desk: the chosen still page, or (none chosen) the live picture. */
export const usePages = defineStore('pages', () => {
  const desk = useDesk()
  const pages = computed<readonly PageView[]>(() => desk.consultation?.pages ?? [])
  const unseen = ref(new Set<number>())
  const paper = paperOf(
    () => desk.consultation?.consultation_id ?? '',
    () => pages.value,
  )
  const { chosen, view } = paper

  watch(
    () => desk.consultation?.consultation_id,
    () => {
      paper.begin()
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

  return { ...paper, pages, unseen, choose, step }
})
