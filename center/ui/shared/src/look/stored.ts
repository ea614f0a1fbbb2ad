import { type Ref, ref, watch } from 'vue'

/**
 * A choice of the person at this screen, remembered by this browser as JSON; nothing about residents.
 * What does not pass `allows` (written by an older page, or by hand) gives way to `otherwise`.
 */
export function stored<T>(key: string, otherwise: T, allows: (before: unknown) => before is T): Ref<T> {
  const value = ref(read(key, otherwise, allows)) as Ref<T>
  watch(value, (next) => localStorage.setItem(key, JSON.stringify(next)), { deep: true })
  return value
}

/** A guard that allows exactly these words. */
export function oneOf<T extends string>(...words: T[]): (before: unknown) => before is T {
  return (before): before is T => words.includes(before as T)
}

function read<T>(key: string, otherwise: T, allows: (before: unknown) => before is T): T {
  try {
    const before: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return allows(before) ? before : otherwise
  } catch {
    return otherwise
  }
}
