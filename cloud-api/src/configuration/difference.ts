/** A place at which two configurations differ: `schedule.cameras[0].schedule.intervalS`. Absent: it is not there. */
export type Difference = { place: string; before?: unknown; after?: unknown }

/** More are never shown: whoever changes so much looks at the documents. */
const MOST = 200

/** Where two values differ, place by place. A list of numbers (a corner, a polygon) is one value: half of it says nothing. */
export function differencesOf(before: unknown, after: unknown): Difference[] {
  const found: Difference[] = []
  compare('', before, after)
  return found

  function compare(place: string, one: unknown, other: unknown): void {
    if (found.length >= MOST || JSON.stringify(one) === JSON.stringify(other)) return
    if (isRecord(one) && isRecord(other)) {
      for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
        compare(place === '' ? key : `${place}.${key}`, one[key], other[key])
      }
    } else if (isListOfRecords(one) && isListOfRecords(other)) {
      for (let index = 0; index < Math.max(one.length, other.length); index++) {
        compare(`${place}[${index}]`, one[index], other[index])
      }
    } else {
      found.push({
        place,
        ...(one !== undefined && { before: one }),
        ...(other !== undefined && { after: other }),
      })
    }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isListOfRecords = (value: unknown): value is unknown[] => Array.isArray(value) && value.every(isRecord)
