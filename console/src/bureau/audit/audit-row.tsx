import type { AuditLine } from '../../api/audit.ts'
import { inPrint, momentInWords } from '../../look/wording.ts'
import { actionInWords, changesIn, valueInWords } from './audit-words.ts'

/** One row: who did what, when, where; what was before and after; why. */
export function AuditRow({ row }: { row: AuditLine }) {
  const { at, who, what, site, reason } = row
  const changes = changesIn(row)
  return (
    <li class="audit-row">
      <time dateTime={at} title={at}>
        {inPrint(momentInWords(Date.parse(at), Date.now()))}
      </time>
      <div>
        <p>
          <strong>{who}</strong> {actionInWords(row)} {what !== who && <span class="audit-what">{what}</span>}
          {site !== null && <span class="hint"> · {site}</span>}
        </p>
        {reason !== null && <p class="audit-reason">« {reason} »</p>}
        {changes.length > 0 && (
          <details>
            <summary>Avant, après</summary>
            <table>
              <thead>
                <tr>
                  <th scope="col">Champ</th>
                  <th scope="col">Avant</th>
                  <th scope="col">Après</th>
                </tr>
              </thead>
              <tbody>
                {changes.map(({ key, before, after }) => (
                  <tr key={key}>
                    <th scope="row">{key}</th>
                    <td>{valueInWords(before)}</td>
                    <td>{valueInWords(after)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        )}
      </div>
      <span class="hint audit-seq">n° {row.seq}</span>
    </li>
  )
}
