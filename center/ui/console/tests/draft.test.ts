import { beforeEach, describe, expect, it } from 'vitest'

import { FakeTimers, settle } from '../../shared/tests/fakes.ts'
import { type Draft, DraftKeeper } from '../src/features/file/draft.ts'

let timers: FakeTimers
let saves: { draft: Draft; done: () => void; refuse: () => void }[]
let keeper: DraftKeeper

const newest = () => saves.at(-1) as (typeof saves)[number]
const texts = () => saves.map(({ draft }) => draft.notes)

beforeEach(() => {
  timers = new FakeTimers()
  saves = []
  keeper = new DraftKeeper(
    { notes: '', advice: '' },
    {
      save: (draft) =>
        new Promise((resolve, reject) => saves.push({ draft, done: resolve, refuse: () => reject(new Error('no')) })),
      onChange: () => undefined,
      timers,
    },
  )
})

describe('DraftKeeper', () => {
  it('saves once after a silence', async () => {
    for (const notes of ['a', 'ab', 'abc']) {
      keeper.edit({ notes })
      timers.advance(300)
    }
    expect(saves).toEqual([])
    timers.advance(700)
    expect(texts()).toEqual(['abc'])
    newest().done()
    await settle()
    expect(keeper.state).toBe('clean')
  })

  it('saves what was typed during a save right after it, one at a time', async () => {
    keeper.edit({ notes: 'first' })
    timers.advance(700)
    keeper.edit({ notes: 'second' })
    timers.advance(5000)
    expect(texts()).toEqual(['first'])
    newest().done()
    await settle()
    timers.advance(0)
    expect(texts()).toEqual(['first', 'second'])
    newest().done()
    await settle()
    expect(keeper.state).toBe('clean')
  })

  it('tries a refused save again with the newest text, until it is kept', async () => {
    keeper.edit({ notes: 'kept?' })
    timers.advance(700)
    newest().refuse()
    await settle()
    expect(keeper.state).toBe('typing')
    timers.advance(3000)
    newest().done()
    await settle()
    expect(texts()).toEqual(['kept?', 'kept?'])
    expect(keeper.state).toBe('clean')
  })

  it('is not undone by an older view, but follows another page while nothing was typed here', async () => {
    keeper.adopt({ notes: 'from elsewhere', advice: '' })
    expect(keeper.draft.notes).toBe('from elsewhere')
    keeper.edit({ notes: 'mine' })
    timers.advance(700)
    newest().done()
    await settle()
    keeper.adopt({ notes: 'from elsewhere', advice: '' })
    expect(keeper.draft.notes).toBe('mine')
  })

  it('saves at once when the field is left', () => {
    keeper.edit({ advice: 'go there' })
    keeper.flush()
    expect(saves).toHaveLength(1)
    expect(timers.waiting).toBe(0)
  })
})
