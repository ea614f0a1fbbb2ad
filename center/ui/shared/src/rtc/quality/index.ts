export { type Level, type PeerReport, type Remark, warns } from './report.ts'
export type { Batch } from './series.ts'
export { type CallQuality, QualityWatch, type WatchedLink } from './watch.ts'
