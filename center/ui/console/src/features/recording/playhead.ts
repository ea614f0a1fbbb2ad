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

export interface Person<Part> {
  peer: string
  name: string
  parts: Part[]
}

/** The parts of each participant together, in the order in which they first came. */
export function peopleOf<Part extends Span & { peer: string; name: string }>(parts: readonly Part[]): Person<Part>[] {
  const people = new Map<string, Person<Part>>()
  for (const part of parts) {
    const { peer, name } = part
    const person = people.get(peer) ?? { peer, name, parts: [] }
    person.parts.push(part)
    people.set(peer, person)
  }
  return [...people.values()]
}

/** The part to look at: the one that runs, else the last that did, else the first that will. */
export function shownOf<Part extends Span>(parts: readonly Part[], at: number): Part | undefined {
  return parts.findLast(({ since_s }) => since_s <= at) ?? parts[0]
}
