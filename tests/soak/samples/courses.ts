/** One look at the whole: each thing by name, in bytes. */
export type Sample = { atMs: number; bytes: Readonly<Record<string, number>> }

/** How one thing went over all looks after the warm-up. */
export type Course = {
  name: string
  /** Medians of the first and the last third: one late garbage collection says nothing. */
  early: number
  late: number
  most: number
  /** Least squares, in bytes an hour. */
  slope: number
}

/** The course of each thing that was there in every look. */
export function coursesOf(samples: readonly Sample[]): Course[] {
  const [first] = samples
  const names = Object.keys(first?.bytes ?? {}).filter((name) => samples.every(({ bytes }) => name in bytes))
  return names.map((name) => {
    const points = samples.map(({ atMs, bytes }) => ({ hours: atMs / 3_600_000, value: bytes[name] ?? 0 }))
    const values = points.map(({ value }) => value)
    const third = Math.max(1, Math.floor(values.length / 3))
    return {
      ...{ name, early: median(values.slice(0, third)), late: median(values.slice(-third)) },
      ...{ most: Math.max(...values), slope: slopeOf(points) },
    }
  })
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}

function slopeOf(points: readonly { hours: number; value: number }[]): number {
  const mean = (of: (point: { hours: number; value: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [hours, value] = [mean((point) => point.hours), mean((point) => point.value)]
  const spread = mean((point) => (point.hours - hours) ** 2)
  return spread === 0 ? 0 : mean((point) => (point.hours - hours) * (point.value - value)) / spread
}
