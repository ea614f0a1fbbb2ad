/** A part on the common scale of a recording, seconds. */
export interface Span {
  since_s: number
  until_s: number
}

/** Beyond this two parts are heard apart; players are put right, seconds. */
export const APART_S = 0.08

export function lengthOf(parts: readonly Span[]): number {
  return Math.max(0, ...parts.map(({ until_s }) => until_s))
}

export function covers({ since_s, until_s }: Span, at: number): boolean {
  return at >= since_s && at < until_s
}

/** Where a part's player has to go to be in step, or null when it is. */
export function correction(at: number, present: number): number | null {
  return Math.abs(present - at) > APART_S ? at : null
}

/** What is looked at in one place: a participant, or the papers on their desk. */
export interface View<Part> {
  key: string
  name: string
  desk: boolean
  parts: Part[]
}

/** The parts of each view together: people in the order in which they first came, then desks. */
export function viewsOf<Part extends Span & { peer: string; name: string; streams: readonly string[] }>(parts: readonly Part[]): View<Part>[] {
  const views = new Map<string, View<Part>>()
  for (const part of parts) {
    const desk = part.streams.includes('desk.video')
    const key = `${part.peer} ${part.name} ${desk ? 'desk' : 'face'}`
    const view = views.get(key) ?? { key, name: part.name, desk, parts: [] }
    view.parts.push(part)
    views.set(key, view)
  }
  return [...views.values()].sort((a, b) => Number(a.desk) - Number(b.desk))
}

/** The part to look at: the one that runs, else the last that did, else the first that will. */
export function shownOf<Part extends Span>(parts: readonly Part[], at: number): Part | undefined {
  return parts.findLast(({ since_s }) => since_s <= at) ?? parts[0]
}
