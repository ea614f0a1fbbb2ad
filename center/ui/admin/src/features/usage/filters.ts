import type { LocationQuery, LocationQueryRaw } from 'vue-router'

import type { UsageQuery } from '@jiujin/shared/generated/center'

/** Names of the filters, in the address as on the wire. */
export const FILTERS = [
  'since',
  'until',
  'kiosk_id',
  'state',
  'matter',
  'language',
  'lawyer_id',
  'outcome',
  'number',
] as const satisfies (keyof UsageQuery)[]

export type FilterName = (typeof FILTERS)[number]
export type Filters = Partial<Record<FilterName, string>>

/** The address's filters, exactly; what it says besides is left out. */
export function filtersOf(query: LocationQuery): Filters {
  const found: Filters = {}
  for (const name of FILTERS) {
    const value = query[name]
    if (typeof value === 'string' && value !== '') found[name] = value
  }
  return found
}

/** The same filters with some of them set, or taken away by an empty value. */
export function withFilters(filters: Filters, changes: Record<string, string | null | undefined>): Filters {
  return filtersOf({ ...filters, ...changes } as LocationQuery)
}

/** Query string of a request for these filters; the exports get the same as the table. */
export function queryOf(filters: Filters, page: { after?: string; limit?: number } = {}): string {
  const query = new URLSearchParams(filters as Record<string, string>)
  if (page.after) query.set('after', page.after)
  if (page.limit) query.set('limit', String(page.limit))
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** Address of a file with what the table shows: its rows, its columns, its language. */
export function exportOf(kind: 'csv' | 'xlsx', filters: Filters, columns: readonly string[], words: string): string {
  const query = new URLSearchParams({ ...filters, columns: columns.join(','), words })
  return `/api/usage.${kind}?${query}`
}

export function sameFilters(one: Filters, other: Filters): boolean {
  return FILTERS.every((name) => one[name] === other[name])
}

/** Where in the pages of the log the address stands. */
export interface Place {
  after: string
  page: number
}

export function placeOf(query: LocationQuery): Place {
  const after = typeof query.after === 'string' ? query.after : ''
  const page = Number(query.page)
  return { after, page: after !== '' && Number.isInteger(page) && page > 1 ? page : 1 }
}

export function addressOf(filters: Filters, place: Place = { after: '', page: 1 }): LocationQueryRaw {
  return place.after === '' ? { ...filters } : { ...filters, after: place.after, page: String(place.page) }
}
