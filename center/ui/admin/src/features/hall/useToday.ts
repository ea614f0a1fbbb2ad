import { computed, onMounted, onScopeDispose } from 'vue'

import type { Summary, UsagePage, UsageRow } from '@jiujin/shared/generated/center'
import { askJson } from '@jiujin/shared/wire/http'

import { useLoad } from '../../lib/load.ts'
import { useLive } from '../live/store.ts'

const PAGE = 500
/** Figures are read again this long after the first of a burst of pushes, and at least so often. */
const AFTER_PUSH_MS = 2000
const AT_LEAST_MS = 60_000

interface Today {
  summary: Summary
  rows: UsageRow[]
  readAt: number
}

/** Today's figures and the rows they are made of, read again whenever something moved. */
export function useToday() {
  const live = useLive()
  const { data, failure, load } = useLoad<Today>(async (signal) => {
    const [summary] = await Promise.all([
      askJson<Summary>('GET', '/api/summary', undefined, signal),
      live.readFleet(signal),
    ])
    return { summary, rows: await rowsOf(summary.day, signal), readAt: Date.now() }
  })
  let timer = 0

  function schedule(after: number): void {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void refresh(), after)
  }

  async function refresh(): Promise<void> {
    awaited = false
    await load()
    schedule(AT_LEAST_MS)
  }

  let awaited = false
  const forget = live.moved.add(() => {
    if (awaited || data.value === null) return
    awaited = true
    schedule(AFTER_PUSH_MS)
  })

  onMounted(refresh)
  onScopeDispose(() => {
    forget()
    window.clearTimeout(timer)
  })
  return { today: computed(() => data.value), failure, refresh }
}

/** Every row of the day: a day of this city is a page, at most a few. */
async function rowsOf(day: string, signal: AbortSignal): Promise<UsageRow[]> {
  const rows: UsageRow[] = []
  let after: string | null = null
  do {
    const query: URLSearchParams = new URLSearchParams({ since: day, until: day, limit: String(PAGE) })
    if (after !== null) query.set('after', after)
    const page: UsagePage = await askJson<UsagePage>('GET', `/api/usage?${query}`, undefined, signal)
    rows.push(...page.rows)
    after = page.next
  } while (after !== null)
  return rows
}
