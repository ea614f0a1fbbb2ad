/** The clock as the wire and the links need it; tests pass a fake. */
export interface Timers {
  /** Calls back once after `delayMs`; returns the function that cancels it. */
  after(delayMs: number, callback: () => void): () => void
}

export const realTimers: Timers = {
  after(delayMs, callback) {
    const handle = setTimeout(callback, delayMs)
    return () => clearTimeout(handle)
  },
}
