import { askJson, type RecordingDetail, type RecordingList, type RecordingPart } from '@jiujin/shared'

export function listRecordings(signal?: AbortSignal): Promise<RecordingList> {
  return askJson<RecordingList>('GET', '/api/recordings', undefined, signal)
}

export function readRecording(reelId: string): Promise<RecordingDetail> {
  return askJson<RecordingDetail>('GET', `/api/recordings/${encodeURIComponent(reelId)}`)
}

export function fileOf(reelId: string, part: RecordingPart): string {
  return `/api/recordings/${encodeURIComponent(reelId)}/parts/${part.number}.webm`
}
