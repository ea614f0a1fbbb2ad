import type {
  AgentToPage,
  DeskTrack,
  KioskState,
  MachineFound,
  NoticeCode,
  PapersPointer,
  PapersState,
} from '../generated/agent'

/**
 * What the page knows: the newest word of the agent, and what only moves on the page. `state` is
 * the agent's truth and is replaced whole; nothing here decides where the journey goes.
 */
export interface PageModel {
  readonly state: KioskState | null
  /** Agent's clock minus this page's clock, ms. */
  readonly clockOffset: number
  readonly track: DeskTrack | null
  /** How often each position was taken, so that a retaken page's thumbnail is fetched anew. */
  readonly shots: Readonly<Record<number, number>>
  readonly captured: { readonly position: number; readonly count: number } | null
  /** What the lawyer shows and what is drawn; where the lawyer points. */
  readonly papers: Pick<PapersState, 'sheet' | 'pages'>
  readonly pointer: PapersPointer | null
  /** What the agent found of the machine, for a technician. */
  readonly machine: MachineFound | null
  readonly refusal: { readonly code: NoticeCode; readonly count: number } | null
}

export const EMPTY: PageModel = {
  state: null,
  clockOffset: 0,
  track: null,
  shots: {},
  captured: null,
  papers: { sheet: null, pages: [] },
  pointer: null,
  machine: null,
  refusal: null,
}

/** The model after a frame of the agent; `now` is this page's clock, ms. */
export function reduce(model: PageModel, frame: AgentToPage, now: number): PageModel {
  switch (frame.type) {
    case 'kiosk.state':
      return { ...model, state: frame, clockOffset: Date.parse(frame.now) - now }
    case 'desk.track':
      return { ...model, track: frame }
    case 'desk.captured':
      return captured(model, frame.position)
    case 'papers.state':
      return { ...model, papers: frame, pointer: shows(frame) === shows(model.papers) ? model.pointer : null }
    case 'papers.pointer':
      return { ...model, pointer: frame }
    case 'machine.found':
      return { ...model, machine: frame }
    case 'page.error':
      return { ...model, refusal: { code: frame.code, count: (model.refusal?.count ?? 0) + 1 } }
    case 'page.wipe':
      return forgotten(model)
    case 'desk.answer':
    case 'desk.failed':
    case 'room.signalled':
      return model
  }
}

/** A pointer belongs to what is shown, and goes with it. */
function shows(papers: PageModel['papers']): string | null {
  return papers.sheet?.sheet_id ?? null
}

function captured(model: PageModel, position: number): PageModel {
  const shots = { ...model.shots, [position]: (model.shots[position] ?? 0) + 1 }
  return { ...model, shots, captured: { position, count: (model.captured?.count ?? 0) + 1 } }
}

/** Nothing of the visit but what the agent still shows on the last screen, until its next word. */
function forgotten({ state, clockOffset }: PageModel): PageModel {
  if (state === null) return EMPTY
  const bare = { matter: null, pages: [], consultation: null, mediation: null, room: null, lookup: null, agreement: null, notices: [] }
  return { ...EMPTY, clockOffset, state: { ...state, ...bare } }
}
