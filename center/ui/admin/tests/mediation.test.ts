import { expect, it } from 'vitest'

import type { QualitySeat } from '@jiujin/shared/generated/center'

import { numbered } from '../src/features/usage/mediation.ts'

const seat = (seat_id: string, role: QualitySeat['role']): QualitySeat => ({ seat_id, role, figures: null, curve: [], lines: [] })

it('tells several people of one role apart by number, one by the role alone', () => {
  const known = numbered([seat('m', 'mediator'), seat('a', 'party'), seat('i', 'interpreter'), seat('b', 'party')])
  expect([...known.values()].map(({ role, number }) => `${role} ${number}`)).toEqual(['mediator null', 'party 1', 'interpreter null', 'party 2'])
})
