import type { QualityLevel } from '../../generated/center'
import type { Grade } from './grade.ts'
import type { Rung } from './ladder.ts'
import type { Hears, Sees } from './senses.ts'

/** `muted`: by the person; `silent`: the microphone gives nothing; `none`: there is none; `withheld`: by the room. */
export type SendsSound = 'on' | 'muted' | 'silent' | 'none' | 'withheld'
/** A rung of the ladder, or `off`: by the person; `none`: there is no camera; `withheld`: by the room. */
export type SendsPicture = Rung | 'off' | 'none' | 'withheld'

/** What one side tells the other: what it receives, and what it sends. */
export interface PeerReport {
  hears: Hears
  sees: Sees
  /** Null from an engine, which tells how the others receive this page: how it does itself, RTCP tells. */
  grade: Grade | null
  sound: SendsSound
  picture: SendsPicture
}

/** The line in a word, for both directions together. */
export type Level = QualityLevel
export const LEVELS: readonly Level[] = ['good', 'fair', 'weak', 'sound_only', 'broken']

/** The one thing to say of a talk, in the words of the side that says it. */
export type Remark =
  | 'they_hear_nothing'
  | 'you_hear_nothing'
  | 'your_microphone_silent'
  | 'their_microphone_silent'
  | 'picture_paused'
  | 'they_are_muted'
  | 'picture_frozen'
  | 'your_picture_frozen'
  | 'picture_black'
  | 'your_picture_black'
  | 'picture_small'
  | 'weak'
  | 'their_picture_off'
  | 'fair'
  | 'good'

/** What needs no attention; everything else is shown as a warning. */
const CALM = new Set<Remark>(['good', 'fair', 'their_picture_off', 'they_are_muted'])

export function warns(remark: Remark): boolean {
  return !CALM.has(remark)
}

const SHOWN = new Set<SendsPicture>(['full', 'small'])
const WORST_FIRST: readonly Grade[] = ['broken', 'weak', 'fair', 'good']

export function level(mine: PeerReport, theirs: PeerReport): Level {
  const grade = WORST_FIRST.find((one) => mine.grade === one || theirs.grade === one) ?? 'good'
  return grade !== 'broken' && isPaused(mine, theirs) ? 'sound_only' : grade
}

/** Sound before picture, what nobody noticed yet before what everybody sees, faults before the line. */
export function remark(mine: PeerReport, theirs: PeerReport): Remark {
  return soundRemark(mine, theirs) ?? pictureRemark(mine, theirs) ?? lineRemark(mine, theirs)
}

function soundRemark(mine: PeerReport, theirs: PeerReport): Remark | null {
  const silent = (side: PeerReport) => side.sound === 'silent' || side.sound === 'none'
  if (theirs.hears === 'nothing' && mine.sound === 'on') return 'they_hear_nothing'
  if (mine.hears === 'nothing' && theirs.sound !== 'none' && theirs.sound !== 'withheld') return 'you_hear_nothing'
  if (silent(mine) || (theirs.hears === 'silence' && mine.sound === 'on')) return 'your_microphone_silent'
  if (silent(theirs) || (mine.hears === 'silence' && theirs.sound === 'on')) return 'their_microphone_silent'
  return null
}

function pictureRemark(mine: PeerReport, theirs: PeerReport): Remark | null {
  if (isPaused(mine, theirs)) return 'picture_paused'
  if (theirs.sound === 'muted') return 'they_are_muted'
  if (SHOWN.has(theirs.picture) && mine.sees === 'frozen') return 'picture_frozen'
  if (SHOWN.has(mine.picture) && theirs.sees === 'frozen') return 'your_picture_frozen'
  if (SHOWN.has(theirs.picture) && mine.sees === 'black') return 'picture_black'
  return SHOWN.has(mine.picture) && theirs.sees === 'black' ? 'your_picture_black' : null
}

function lineRemark(mine: PeerReport, theirs: PeerReport): Remark {
  if (mine.picture === 'small' || theirs.picture === 'small') return 'picture_small'
  const grade = level(mine, theirs)
  if (grade === 'weak' || grade === 'broken') return 'weak'
  if (theirs.picture === 'off' || theirs.picture === 'none') return 'their_picture_off'
  return grade === 'fair' ? 'fair' : 'good'
}

function isPaused(mine: PeerReport, theirs: PeerReport): boolean {
  return mine.picture === 'paused' || theirs.picture === 'paused'
}

/** Whether packets come from a side that sends this. */
export function arrives({ sound, picture }: PeerReport): boolean {
  return (sound !== 'none' && sound !== 'withheld') || SHOWN.has(picture) || picture === 'off'
}

/** Until the other side has spoken, it is taken to be well, and to send what arrives. */
export const PRESUMED: PeerReport = { hears: 'sound', sees: 'picture', grade: 'good', sound: 'on', picture: 'full' }
