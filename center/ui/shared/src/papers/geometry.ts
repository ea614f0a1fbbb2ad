/** A place on the upright page as fractions of its width and height, from the top left. */
export type PagePoint = [x: number, y: number]

export interface Box {
  left: number
  top: number
  width: number
  height: number
}

/**
 * Where on the page a place of the window lies, for a page drawn into `box` (window pixels, as it
 * appears) and turned by `rotation` degrees clockwise. Beside the page counts as its edge.
 */
export function onPage(x: number, y: number, box: Box, rotation: number): PagePoint {
  const u = within((x - box.left) / (box.width || 1))
  const v = within((y - box.top) / (box.height || 1))
  switch (((rotation % 360) + 360) % 360) {
    case 90:
      return [v, 1 - u]
    case 180:
      return [1 - u, 1 - v]
    case 270:
      return [1 - v, u]
    default:
      return [u, v]
  }
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value))
}

/** Most points of a line on the wire. */
export const INK_POINTS = 64

/** At most `most` points of a line: every so many of them, its two ends always. */
export function thinned(points: readonly PagePoint[], most = INK_POINTS): PagePoint[] {
  if (points.length <= most) return [...points]
  const step = (points.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, index) => points[Math.round(index * step)] as PagePoint)
}

/** A finger that went less than this, as a fraction of the page, has tapped. */
const TAP = 0.015

/** Whether a line is a drawing, and not a tap. */
export function isDrawing(points: readonly PagePoint[]): boolean {
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  return Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) > TAP
}
