import { ref, type Ref, shallowRef, watch } from 'vue'

import { codeOf } from '../../lib/failure.ts'

/** What was read, or the code of why it could not be; an answer that comes after a later question is dropped. */
function useReading<T>() {
  const found = shallowRef<T | null>(null)
  const failure = ref<string | null>(null)
  let newest = 0

  async function read(reading: () => Promise<T>): Promise<void> {
    const mine = ++newest
    found.value = failure.value = null
    try {
      const value = await reading()
      if (mine === newest) found.value = value
    } catch (error) {
      if (mine === newest) failure.value = codeOf(error)
    }
  }
  return { found, failure, read }
}

/** A list, read whenever it is opened, and one of its rows, read when it is chosen. */
export function useBrowse<Row, Detail>(open: Ref<boolean>, list: () => Promise<readonly Row[]>, one: (row: Row) => Promise<Detail>) {
  const rows = useReading<readonly Row[]>()
  const detail = useReading<Detail>()
  const chosen = shallowRef<Row | null>(null)

  function load(): Promise<void> {
    chosen.value = null
    return rows.read(list)
  }

  function choose(row: Row): Promise<void> {
    chosen.value = row
    return detail.read(() => one(row))
  }

  watch(open, (shown) => shown && load(), { immediate: true })
  return { rows, detail, chosen, load, choose }
}
