import { type Ref, ref, watch } from 'vue'

const PREFIX = 'jiujin.console.'

/** A choice of the person at this screen, remembered by this browser; nothing about residents. */
export function stored<T extends string>(name: string, otherwise: T, allowed: readonly T[]): Ref<T> {
  const before = localStorage.getItem(PREFIX + name) as T | null
  const value = ref(before !== null && allowed.includes(before) ? before : otherwise) as Ref<T>
  watch(value, (next) => localStorage.setItem(PREFIX + name, next))
  return value
}

/** A remembered share of something, kept between `least` and `most`. */
export function storedShare(name: string, otherwise: number, least: number, most: number): Ref<number> {
  const before = Number(localStorage.getItem(PREFIX + name) ?? otherwise)
  const inside = (share: number) => Math.min(most, Math.max(least, share))
  const value = ref(Number.isFinite(before) ? inside(before) : otherwise)
  watch(value, (next) => localStorage.setItem(PREFIX + name, String(inside(next))))
  return value
}
