export type Point = [x: number, y: number]
export type Line = Point[]

/** Points closer than this (of the field's width) say nothing new. */
const APART = 0.004
const MOST_POINTS = 2800
const MOST_LINES = 60
/** Fewer are a slip of the finger. */
const LEAST_POINTS = 8

/** What one person draws; made anew for each signer, so nothing of another can be in it. */
export class Strokes {
  readonly lines: Line[] = []
  private points = 0

  begin(at: Point): void {
    if (this.lines.length < MOST_LINES) this.lines.push([])
    this.extend(at)
  }

  extend(at: Point): void {
    const line = this.lines.at(-1)
    const last = line?.at(-1)
    if (line === undefined || this.points >= MOST_POINTS) return
    if (last !== undefined && Math.hypot(at[0] - last[0], at[1] - last[1]) < APART) return
    line.push(at)
    this.points += 1
  }

  get enough(): boolean {
    return this.points >= LEAST_POINTS
  }
}

/** A place on the field as fractions of it, to four digits. */
export function fractions(x: number, y: number, field: DOMRect): Point {
  const part = (value: number, from: number, size: number) =>
    Math.round(Math.min(1, Math.max(0, (value - from) / size)) * 10_000) / 10_000
  return [part(x, field.left, field.width), part(y, field.top, field.height)]
}
