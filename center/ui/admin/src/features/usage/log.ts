import { computed, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { askJson } from '@jiujin/shared/wire/http'

import { useLoad } from '../../lib/load.ts'
import { addressOf, type Filters, placeOf, queryOf } from './filters.ts'

const LIMIT = 50

/** A log as the address tells it: the page that it stands at, and the row that is shown. */
export function useLog<T extends { total: number }>(path: string, filters: () => Filters = () => ({})) {
  const route = useRoute()
  const router = useRouter()
  const place = computed(() => placeOf(route.query))
  const shown = computed(() => (typeof route.query.show === 'string' ? route.query.show : null))
  const query = computed(() => queryOf(filters(), { after: place.value.after, limit: LIMIT }))
  const { data, failure, busy, load } = useLoad((signal) => askJson<T>('GET', `${path}${query.value}`, undefined, signal))
  const pages = computed(() => Math.max(1, Math.ceil((data.value?.total ?? 0) / LIMIT)))
  watch(query, load, { immediate: true })

  const show = (id: string | null) => router.replace({ query: { ...addressOf(filters(), place.value), ...(id && { show: id }) } })
  return { place, shown, pages, data, failure, busy, load, show }
}
