/** Moves so many bytes, there or back; rejects when it fails or is given up. */
export type Transfer = (bytes: number, signal: AbortSignal) => Promise<void>

/** The center takes and gives no more at once, bytes. */
export const TRANSFER_LIMIT = 512 * 1024
const FIRST = 16 * 1024
const ROUND_TRIPS = 5

/** Bytes over the center's HTTP interface, in both directions. */
export function transfers(path: string): { down: Transfer; up: Transfer } {
  const ask = async (url: string, init: RequestInit) => {
    const answer = await fetch(url, { ...init, cache: 'no-store' })
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
    await answer.arrayBuffer()
  }
  return {
    down: (bytes, signal) => ask(`${path}?bytes=${bytes}`, { signal }),
    up: (bytes, signal) => ask(path, { method: 'POST', body: noise(bytes), signal }),
  }
}

/** Nothing on the way can make random bytes fewer. */
function noise(bytes: number): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(bytes)
  // The browser gives 64 kB of them at once.
  for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(made.subarray(at, Math.min(bytes, at + 65_536)))
  return made
}

/** Milliseconds there and back, the least of a few; null when nobody answered. */
export async function roundTrip(down: Transfer, signal: AbortSignal, now: () => number = performance.now.bind(performance)): Promise<number | null> {
  let least: number | null = null
  try {
    // The first one opens the connection.
    await down(0, signal)
    for (let turn = 0; turn < ROUND_TRIPS; turn += 1) {
      const begin = now()
      await down(0, signal)
      least = Math.min(least ?? Infinity, now() - begin)
    }
  } catch (error) {
    if (least === null) console.warn('line check', error)
  }
  return least
}

/**
 * Kilobits per second: twice as much each time until the time is up, so that a thin line is not
 * flooded and a thick one is filled. Null when not even the first piece came through.
 */
export async function rate(transfer: Transfer, forMs: number, signal: AbortSignal, now: () => number = performance.now.bind(performance)): Promise<number | null> {
  const begin = now()
  let best: number | null = null
  try {
    for (let bytes = FIRST; bytes <= TRANSFER_LIMIT && now() - begin < forMs; bytes *= 2) {
      const started = now()
      await transfer(bytes, signal)
      best = Math.max(best ?? 0, (8 * bytes) / Math.max(1, now() - started))
    }
  } catch (error) {
    if (best === null) console.warn('line check', error)
  }
  return best
}
