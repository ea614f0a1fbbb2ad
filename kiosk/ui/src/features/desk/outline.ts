type Point = readonly [number, number]

/** SVG `points` of a quad given as fractions of the picture, in a box of `width` × `height`. */
export function outlinePoints(quad: readonly (readonly number[])[], width: number, height: number): string {
  return quad
    .map(([x = 0, y = 0]): Point => [clamp(x) * width, clamp(y) * height])
    .map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(' ')
}

/** Length of the drawn part of a ring of radius `r`, and of the rest, for `stroke-dasharray`. */
export function ringDash(progress: number, r: number): string {
  const length = 2 * Math.PI * r
  const drawn = clamp(progress) * length
  return `${drawn.toFixed(1)} ${(length - drawn).toFixed(1)}`
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value))
}
