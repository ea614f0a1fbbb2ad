import { describe, expect, it } from 'vitest'
import { reactive, ref } from 'vue'

import type { PageView } from '@jiujin/shared'

import { paperOf } from '../src/features/desk/paper.ts'

function page(position: number, stage: PageView['stage']): PageView {
  return {
    position,
    sha256: String(position).repeat(64),
    captured_at: '2026-11-21T02:00:00Z',
    received_at: '2026-11-21T02:00:01Z',
    width: 1654,
    height: 2339,
    verdict: [],
    codes: [],
    stage,
  }
}

function looking(...pages: PageView[]) {
  const laid = ref(pages)
  const paper = reactive(
    paperOf(
      () => 'c1',
      () => laid.value,
    ),
  )
  paper.begin()
  return { paper, laid }
}

describe('a page that arrives piece by piece', () => {
  it('shows the full picture by itself, zoomed as the small one was', () => {
    const { paper, laid } = looking(page(1, 'preview'))
    paper.zoom(1)
    const { view } = paper
    expect(paper.small).toContain('/pages/1/preview')
    expect(paper.full).toBe('')

    laid.value = [page(1, 'clean')]
    expect(paper.full).toContain('/pages/1/clean')
    expect(paper.view).toEqual(view)
  })

  it('is shown as captured only when its original is here', () => {
    const { paper, laid } = looking(page(1, 'clean'))
    paper.toggleOriginal()
    expect(paper.full).toContain('/pages/1/clean')

    laid.value = [page(1, 'whole')]
    expect(paper.full).toContain('/pages/1/original')
    expect(paper.small).toBe('')
  })

  it('keeps the document waiting, and the rest says which it is', () => {
    const { paper } = looking(page(1, 'whole'), page(2, 'preview'), page(3, 'clean'))
    expect(paper.coming).toEqual([2, 3])
  })
})
