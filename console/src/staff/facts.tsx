/** A part of a report: names with their values, as they stand on the page, on paper and in a file. */
export type Part = { title: string; facts: readonly (readonly [name: string, value: string])[] }

/** Parts without facts are left out. `title`: the heading that follows from those above. */
export const Parts = ({ parts, title: Title }: { parts: readonly Part[]; title: 'h2' | 'h3' }) => (
  <>
    {parts.map(
      ({ title, facts }) =>
        facts.length > 0 && (
          <div key={title} class="report-part">
            <Title>{title}</Title>
            <dl class="report">
              {facts.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </div>
        ),
    )}
  </>
)

/** The same as lines of a file: part, name, value. */
export const linesOf = (parts: readonly Part[]): string[][] =>
  parts.flatMap(({ title, facts }) =>
    facts.map(([name, value]) => [title, name, value.replaceAll(/[\u00a0\u202f]/g, ' ')]),
  )
