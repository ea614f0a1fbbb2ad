export type { Level, QualityReport, Remark } from './report.ts'
export type { Batch, Point } from './series.ts'
export { type CallQuality, QualityWatch, type WatchedLink } from './watch.ts'
