import { computed } from 'vue'

import { stored } from '@jiujin/shared/look/stored'

/** All columns in their order; `number` is always shown, because a row opens by it. */
export const COLUMNS = [
  'number',
  'requested_at',
  'township',
  'hall',
  'kiosk_id',
  'language',
  'matter',
  'urgency',
  'state',
  'lawyer',
  'wait_s',
  'talk_s',
  'offers',
  'pages',
  'outcome',
  'cause',
  'rating',
  'mos',
  'worst_mos',
  'loss_percent',
  'round_trip_ms',
  'freezes',
  'weak_percent',
] as const

export type Column = (typeof COLUMNS)[number]

const AT_FIRST: Column[] = [
  'number',
  'requested_at',
  'hall',
  'language',
  'matter',
  'state',
  'lawyer',
  'wait_s',
  'talk_s',
  'pages',
  'outcome',
  'rating',
]

/** Columns that hold amounts, set to the right. */
export const AMOUNTS = new Set<Column>([
  'wait_s',
  'talk_s',
  'offers',
  'pages',
  'rating',
  'mos',
  'worst_mos',
  'loss_percent',
  'round_trip_ms',
  'freezes',
  'weak_percent',
])

const chosen = stored<Column[]>('jiujin.admin.columns', AT_FIRST, isColumns)

/** The columns this person sees, in the table's order whatever the order of choosing. */
export function useColumns() {
  const columns = computed(() => COLUMNS.filter((column) => chosen.value.includes(column)))
  const reset = () => (chosen.value = [...AT_FIRST])
  return { chosen, columns, reset }
}

function isColumns(before: unknown): before is Column[] {
  const known: readonly unknown[] = COLUMNS
  return Array.isArray(before) && before.includes('number') && before.every((column) => known.includes(column))
}
