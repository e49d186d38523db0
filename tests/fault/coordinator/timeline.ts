/** One thing that was done to one part: `broker` `killed`, `link` `cut`, `link` `restored`. */
export type Deed = { atMs: number; part: string; did: string }

/** What a coordinator did to the network and its parts, and when: every verdict can say how things stood at a moment. */
export type Timeline = {
  deeds: readonly Deed[]
  note(part: string, did: string): void
  /** How things stood at a moment: the last deed on each part until then, and how long it was ago. */
  at(atMs: number): string
}

export function createTimeline(now: () => number = Date.now): Timeline {
  const deeds: Deed[] = []
  return {
    deeds,
    note: (part, did) => void deeds.push({ atMs: now(), part, did }),
    at(atMs) {
      const last = new Map(deeds.filter((deed) => deed.atMs <= atMs).map((deed) => [deed.part, deed]))
      const said = [...last.values()].map(
        ({ part, did, atMs: didAt }) => `${part} ${did} ${inSeconds(atMs - didAt)} ago`,
      )
      return said.length === 0 ? 'nothing was done yet' : said.join(', ')
    },
  }
}

const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
