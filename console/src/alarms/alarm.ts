/** Something that a person must look at, whatever the pictures show. One cause is one alarm. */
export type Alarm = {
  /** The same for the same cause. */
  key: string
  /** Since when, or when it last happened. */
  at: number
  times: number
  /** The unit's name as it was given, or what else is known of who knocked. */
  what: string
  site: string | null
  title: string
  /** What to do, and what ends the alarm. */
  advice: string
  /** From where somebody knocked. */
  address: string | null
  /** By which somebody may say that it was seen; null: it ends by itself alone. */
  row: number | null
}

/** The newest first. */
export const inOrder = (alarms: readonly Alarm[]): Alarm[] => alarms.toSorted((one, other) => other.at - one.at)
