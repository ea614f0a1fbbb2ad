import type { ConsultationView, HallView, KioskState } from '../src/generated/agent'

export const HALL: HallView = {
  lawyers_on_duty: 2,
  lawyers_free: 1,
  waiting: 0,
  estimate_s: 60,
  next_answer_at: null,
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
  room: null,
  slip: null,
  lookup: null,
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
}
