/**
 * The classes of what a unit sends, by right of way. Scans and passages before everything, pictures last. Sequence
 * numbers, byte bounds and the SIM's budget are kept for each class.
 */
export const ITEM_CLASSES = ['ticket', 'alarm', 'state', 'telemetry', 'frame'] as const
export type ItemClass = (typeof ITEM_CLASSES)[number]

/** One value for each class. */
export const ofEveryClass = <Value>(value: (name: ItemClass) => Value) =>
  Object.fromEntries(ITEM_CLASSES.map((name) => [name, value(name)])) as Record<ItemClass, Value> // keys are exactly the classes
