import type { QualityFigures, QualityMoment, QualitySeat } from '../generated/center'

/** A line as it is shown: whose it is, what it came to, and its course. */
export interface Line {
  key: string
  label: string
  figures: QualityFigures
  curve: QualityMoment[]
  /** Of a seat that received several: whom it received worst. */
  weakest: { label: string; mos: number } | null
}

/** In place of a seat: what brings everybody else in a larger room. */
export const ENGINE = 'engine'

/** The lines of a mediation, a seat each; a seat that measured nothing has none. */
export function linesOf(seats: QualitySeat[], nameOf: (seatId: string) => string): Line[] {
  return seats.flatMap((seat) => {
    const { seat_id: key, figures, curve } = seat
    return figures === null ? [] : [{ key, label: nameOf(key), figures, curve, weakest: weakestOf(seat, nameOf) }]
  })
}

function weakestOf({ lines }: QualitySeat, nameOf: (seatId: string) => string): Line['weakest'] {
  const heard = lines.flatMap(({ towards, figures: { mos } }) => (mos === null ? [] : [{ towards, mos }]))
  const [worst, another] = heard.sort((one, other) => one.mos - other.mos)
  return worst && another ? { label: nameOf(worst.towards), mos: worst.mos } : null
}
