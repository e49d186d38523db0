const HOUR_MS = 3_600_000

/** A picture is public for a day from its capture: the prefect's authorisation and the CNIL file of the network. */
export const PUBLIC_MS = 24 * HOUR_MS
/** No copy of a picture is left after two days, whatever fails. */
export const DELETED_WITHIN_MS = 48 * HOUR_MS
/** What is known of a frame stays a week, so that its address can say that it is gone. */
export const ROW_KEPT_MS = 7 * 24 * HOUR_MS
