const QUIET_DB = -60

/** How loud a piece of sound is, from 0 (-60 dB and less) to 1 (as loud as it can be). */
export function loudness(wave: Float32Array): number {
  const power = wave.reduce((sum, value) => sum + value * value, 0) / Math.max(1, wave.length)
  return Math.min(1, Math.max(0, 1 - (10 * Math.log10(power)) / QUIET_DB))
}
