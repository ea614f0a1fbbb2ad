import type { ConsultationView, HallView, KioskState, MediationView, SeatView } from '../src/generated/agent'

export const HALL: HallView = {
  lawyers_on_duty: 2,
  lawyers_free: 1,
  waiting: 0,
  estimate_s: 60,
  next_answer_at: null,
  open: true,
  opens_at: null,
  closes_at: null,
}

export const STATE: KioskState = {
  type: 'kiosk.state',
  screen: 'home',
  language: 'zh',
  talk_language: 'zh',
  place: { kiosk_id: 'K01', township: '公园街道', hall: '服务站', hall_phone: '0433-2512348', languages: ['zh', 'ko', 'en'] },
  now: '2026-11-21T06:03:00Z',
  link: 'online',
  clock_skewed: false,
  camera: 'ok',
  hall: HALL,
  matter: null,
  pages: [],
  consultation: null,
  mediation: null,
  room: null,
  slip: null,
  lookup: null,
  agreement: null,
  notices: [],
  can_go_back: false,
  idle_warning_until: null,
  home_at: null,
  wiped: false,
}

export const WAITING: ConsultationView = {
  consultation_id: 'c1',
  number: 'YJ-20261121-0007',
  state: 'waiting',
  language: 'zh',
  matter: 'debt',
  requested_at: '2026-11-21T06:00:00Z',
  place: { position: 1, estimate_s: null, moved_back: null },
  lawyer: null,
  deadline: null,
  talk_started_at: null,
  pages: [],
  cause: null,
  rating: null,
  slip_code: '048213',
  answer_promised_at: null,
  after_hours: false,
  recording: { state: 'off', recording_id: null, agreed: false, since: null, cause: null, fault: null },
}

export function seat(seat_id: string, more: Partial<SeatView> = {}): SeatView {
  return {
    seat_id, role: 'party', name: seat_id, place: '', language: 'zh', state: 'admitted', peer_id: `kiosk:${seat_id}`,
    staff_id: null, protection: 'none', muted: false, speech_asked: false, hand: null, has_floor: false, apart: false,
    listens: false, code: null, ...more,
  }
}

export function mediation(seats: SeatView[]): MediationView {
  return {
    mediation_id: 'm1', number: 'TJ-20261121-0001', title: '', matter: 'debt', language: 'zh', second_language: 'ko',
    state: 'open', scheduled_at: '2026-11-21T06:00:00Z', opened_at: null, ended_at: null, locked: false, moving: false, you: 'me',
    side: null, seats, agreement: null, draft: [],
    recording: { state: 'off', recording_id: null, agreed: false, since: null, cause: null, fault: null, paused: false, agreed_seats: [], may_ask: false },
  }
}
