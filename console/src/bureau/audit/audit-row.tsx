import type { AuditLine } from '../../api/audit.ts'
import { inPrint, momentInWords } from '../../look/wording.ts'
import { subjectInWords } from './audit-subject.ts'
import { actionInWords, changesIn } from './audit-words.ts'
import { fieldInWords, valueInWords } from './field-words.ts'

/** One row: who did what, when, where; what was before and after; why. */
export function AuditRow({ row }: { row: AuditLine }) {
  const { at, who, site, reason } = row
  const subject = subjectInWords(row)
  const changes = changesIn(row)
  return (
    <li class="audit-row">
      <time dateTime={at} title={at}>
        {inPrint(momentInWords(Date.parse(at), Date.now()))}
      </time>
      <div>
        <p>
          <strong>{who}</strong> {actionInWords(row, subject === '')}{' '}
          {subject !== '' && <span class="audit-what">{subject}</span>}
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
                    <th scope="row">{fieldInWords(key)}</th>
                    <td>{valueInWords(key, before)}</td>
                    <td>{valueInWords(key, after)}</td>
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
