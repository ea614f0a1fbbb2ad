import { type Ref, ref, watch } from 'vue'

/** A share of something, in percent, remembered by this browser and kept between `least` and `most`. */
export function storedShare(key: string, otherwise: number, least: number, most: number): Ref<number> {
  const before = Number(localStorage.getItem(key) ?? otherwise)
  const inside = (share: number) => Math.min(most, Math.max(least, share))
  const value = ref(Number.isFinite(before) ? inside(before) : otherwise)
  watch(value, (next) => localStorage.setItem(key, String(inside(next))))
  return value
}
