/** How a page is looked at: `zoom` 1 fits it into the frame; `x`, `y` shift it, CSS pixels. */
export interface Viewport {
  zoom: number
  /** Degrees clockwise: 0, 90, 180 or 270. */
  rotation: number
  x: number
  y: number
}

export interface Size {
  width: number
  height: number
}

export const FITTED: Viewport = { zoom: 1, rotation: 0, x: 0, y: 0 }

const STEPS = [1, 1.25, 1.5, 2, 2.5, 3, 4, 6, 8]

/** The next step up (`+1`) or down (`-1`), about the middle of the frame. */
export function zoomStep(view: Viewport, direction: 1 | -1): Viewport {
  const next =
    direction > 0 ? STEPS.find((step) => step > view.zoom + 0.01) : STEPS.findLast((step) => step < view.zoom - 0.01)
  return next === undefined ? view : zoomAt(view, next, { x: 0, y: 0 })
}

/** Zooms so that the point `at` (from the middle of the frame) stays under the pointer. */
export function zoomAt(view: Viewport, zoom: number, at: { x: number; y: number }): Viewport {
  const next = Math.min(8, Math.max(1, zoom))
  const ratio = next / view.zoom
  return { ...view, zoom: next, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }
}

/** A quarter turn clockwise, the middle of the view staying in the middle. */
export function rotateRight(view: Viewport): Viewport {
  return { ...view, rotation: (view.rotation + 90) % 360, x: -view.y, y: view.x }
}

/** Scale of the picture's own pixels at which it fits the frame, turned as it is. */
export function fitScale(frame: Size, picture: Size, rotation: number): number {
  const turned = rotation % 180 !== 0
  const width = turned ? picture.height : picture.width
  const height = turned ? picture.width : picture.height
  if (width <= 0 || height <= 0) return 1
  return Math.min(frame.width / width, frame.height / height)
}

/** Keeps the picture from being pushed out of the frame. */
export function clamp(view: Viewport, frame: Size, picture: Size): Viewport {
  const scale = fitScale(frame, picture, view.rotation) * view.zoom
  const turned = view.rotation % 180 !== 0
  const width = (turned ? picture.height : picture.width) * scale
  const height = (turned ? picture.width : picture.height) * scale
  return { ...view, x: within(view.x, width - frame.width), y: within(view.y, height - frame.height) }
}

function within(shift: number, overhang: number): number {
  const most = Math.max(0, overhang / 2)
  return Math.min(most, Math.max(-most, shift)) || 0
}
