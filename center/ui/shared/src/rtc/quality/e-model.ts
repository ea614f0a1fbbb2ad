/**
 * How a talk sounds, by the E-model of ITU-T G.107 with its default values: R = R0 − Is − Id − Ie,eff + A.
 * R runs from 0 to about 93; R0 − Is is 93.2 with all defaults, A is 0, and of Id only Idd is left,
 * since both ends cancel their echo.
 */
const R_DEFAULT = 93.2

/**
 * Opus at the 11 kbit/s or more that libwebrtc gives a voice. G.113 has no values for it; these are
 * Al-Ahmadi, Pocta and Melvin, "Instrumental Estimation of E-Model Equipment Impairment Factor
 * Parameters for Super-Wideband Opus Codec" (ISSC 2019) and the coefficients published with it for
 * narrowband, random loss. On this narrowband scale Opus' wider sound cannot earn more than G.711.
 */
export const OPUS = { ie: 2.03, bpl: 15.95 }

/** What a packet waits for before and after the line, ms: 20 in the encoder, as much in the sound cards. */
const ENDS_MS = 40

export interface Hearing {
  /** Share of the sound that had to be made up, 0 to 1: what is lost or late after error correction. */
  missing: number
  /** There and back, s. */
  roundTrip: number
  /** Time in the jitter buffer, s. */
  buffer: number
}

/** The transmission rating R, 0 to 93.2. */
export function rating({ missing, roundTrip, buffer }: Hearing): number {
  const oneWayMs = 500 * roundTrip + 1000 * buffer + ENDS_MS
  return Math.max(0, R_DEFAULT - delayImpairment(oneWayMs) - lossImpairment(missing))
}

/** Idd of G.107, section 7.4, for the absolute one-way delay Ta. */
export function delayImpairment(ms: number): number {
  if (ms <= 100) return 0
  const x = Math.log2(ms / 100)
  const root = (value: number) => (1 + value ** 6) ** (1 / 6)
  return 25 * (root(x) - 3 * root(x / 3) + 2)
}

/** Ie,eff of G.107, section 7.5, with BurstR 1. */
export function lossImpairment(share: number): number {
  const percent = 100 * share
  return OPUS.ie + ((95 - OPUS.ie) * percent) / (percent + OPUS.bpl)
}

/** The mean opinion score that G.107, Annex B expects at a rating: 1 (bad) to 4.5. */
export function meanOpinion(r: number): number {
  if (r <= 0) return 1
  if (r >= 100) return 4.5
  return Math.max(1, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r))
}
