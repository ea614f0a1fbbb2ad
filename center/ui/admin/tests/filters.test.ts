import { describe, expect, it } from 'vitest'

import { addressOf, exportOf, filtersOf, placeOf, queryOf, withFilters } from '../src/features/usage/filters.ts'

describe('filters in the address', () => {
  it('are taken exactly, and nothing else with them', () => {
    expect(filtersOf({ state: 'left', number: '', show: 'c-1', after: '50', language: ['zh', 'ko'] })).toEqual({
      state: 'left',
    })
  })

  it('give table and exports the same query', () => {
    const filters = { since: '2026-11-01', state: 'closed' }
    expect(queryOf(filters)).toBe('?since=2026-11-01&state=closed')
    expect(exportOf('csv', filters, ['number', 'state'], 'en')).toBe(
      '/api/usage.csv?since=2026-11-01&state=closed&columns=number%2Cstate&words=en',
    )
    expect(queryOf(filters, { after: 'k', limit: 50 })).toBe('?since=2026-11-01&state=closed&after=k&limit=50')
    expect(queryOf({})).toBe('')
  })

  it('lose what is set to nothing', () => {
    expect(withFilters({ since: 'a', until: 'b', state: 'left' }, { since: undefined, until: null, matter: 'debt' })).toEqual({
      state: 'left',
      matter: 'debt',
    })
  })

  it('go back to the first page when they change, and keep the page when turned', () => {
    const turned = addressOf({ state: 'left' }, { after: 'k', page: 3 })
    expect(placeOf(turned as Record<string, string>)).toEqual({ after: 'k', page: 3 })
    expect(addressOf({ state: 'left' })).toEqual({ state: 'left' })
    expect(placeOf({ page: '7' })).toEqual({ after: '', page: 1 })
  })
})
