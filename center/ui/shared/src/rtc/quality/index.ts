export { type Level, type PeerReport, type Remark, warns } from './report.ts'
export { NOTHING_KNOWN, ofPerson, type OwnRemark, type RoomQuality, RoomWatch } from './room-watch.ts'
export type { Batch } from './series.ts'
export { type CallQuality, QualityWatch, type WatchedLink } from './watch.ts'
