export type { Level, PeerReport, Remark } from './report.ts'
export type { Batch } from './series.ts'
export { type CallQuality, QualityWatch, type WatchedLink } from './watch.ts'
