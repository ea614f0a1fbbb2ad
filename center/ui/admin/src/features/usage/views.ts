import { stored } from '@jiujin/shared/look/stored'

import { localDay } from '../../lib/words.ts'
import { type Filters, filtersOf } from './filters.ts'

/** Filters under a name that this person gave them. */
export interface SavedView {
  name: string
  filters: Filters
}

export type ReadyView = 'all' | 'today' | 'week' | 'left' | 'message' | 'follow_up'

const DAY_MS = 86_400_000

/** Views that everybody has; dates are counted from today. */
export function readyViews(now = new Date()): Record<ReadyView, Filters> {
  const today = localDay(now)
  const weekAgo = localDay(new Date(now.getTime() - 6 * DAY_MS))
  return {
    all: {},
    today: { since: today, until: today },
    week: { since: weekAgo, until: today },
    left: { since: weekAgo, until: today, state: 'left' },
    message: { state: 'message' },
    follow_up: { outcome: 'follow_up' },
  }
}

/** Kept in this browser, as only this person's habits are in them. */
export const savedViews = stored<SavedView[]>('jiujin.admin.views', [], isViews)

export function saveView(name: string, filters: Filters): void {
  savedViews.value = [...savedViews.value.filter((view) => view.name !== name), { name, filters }]
}

export function forgetView(name: string): void {
  savedViews.value = savedViews.value.filter((view) => view.name !== name)
}

function isViews(before: unknown): before is SavedView[] {
  return Array.isArray(before) && before.every((view: unknown) => isView(view))
}

function isView(view: unknown): view is SavedView {
  if (typeof view !== 'object' || view === null || !('name' in view) || !('filters' in view)) return false
  if (typeof view.name !== 'string' || typeof view.filters !== 'object' || view.filters === null) return false
  const kept = filtersOf(view.filters as Record<string, string>)
  return Object.keys(kept).length === Object.keys(view.filters).length
}
