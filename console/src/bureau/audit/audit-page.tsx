import { useEffect, useState } from 'preact/hooks'
import type { AuditApi, AuditPage as Page } from '../../api/audit.ts'
import { refusalInWords } from '../../office/refusal-words.ts'
import { AuditRow } from './audit-row.tsx'
import { askedIn, KINDS, queryOf, searchOf } from './audit-search.ts'

/** Not with every letter. */
const TYPING_MS = 250

/** What people changed, the newest first; what is searched stands in the address. */
export function AuditPage({ audit }: { audit: AuditApi }) {
  const [asked, setAsked] = useState(() => askedIn(location.search))
  const [page, setPage] = useState<Page | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [before, setBefore] = useState<number | null>(null)
  useEffect(() => {
    history.replaceState(null, '', location.pathname + queryOf(asked))
    let isWanted = true
    const take = (next: Page) => {
      if (!isWanted) return
      setRefusal(null)
      setPage((page) => ({
        rows: before === null ? next.rows : [...(page?.rows ?? []), ...next.rows],
        next: next.next,
      }))
    }
    const search = { ...searchOf(asked), ...(before === null ? {} : { before }) }
    const wait = setTimeout(
      () => audit.search(search).then(take, (problem: unknown) => isWanted && setRefusal(refusalInWords(problem))),
      before === null ? TYPING_MS : 0,
    )
    return () => {
      isWanted = false
      clearTimeout(wait)
    }
  }, [audit, asked, before])
  const put = (change: Partial<typeof asked>) => {
    setBefore(null)
    setAsked({ ...asked, ...change })
  }
  return (
    <>
      <header class="page-head">
        <h1>Journal</h1>
        <a class="side-button" href="/api/v1/audit/export?format=csv" download>
          Tout en tableau (CSV)
        </a>
        <a class="side-button" href="/api/v1/audit/export" download>
          Tout en JSON
        </a>
      </header>
      <search class="audit-search">
        <label class="field">
          <span>Qui</span>
          <input
            value={asked.who}
            placeholder="identifiant"
            onInput={({ currentTarget }) => put({ who: currentTarget.value })}
          />
        </label>
        <label class="field">
          <span>Quoi</span>
          <select value={asked.kind} onChange={({ currentTarget }) => put({ kind: currentTarget.value })}>
            <option value="">Toutes les actions</option>
            {KINDS.map(({ prefix, label }) => (
              <option key={prefix} value={prefix}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Site</span>
          <input
            value={asked.site}
            placeholder="col-d-allos"
            onInput={({ currentTarget }) => put({ site: currentTarget.value })}
          />
        </label>
        <label class="field">
          <span>Du</span>
          <input type="date" value={asked.from} onInput={({ currentTarget }) => put({ from: currentTarget.value })} />
        </label>
        <label class="field">
          <span>Au</span>
          <input type="date" value={asked.to} onInput={({ currentTarget }) => put({ to: currentTarget.value })} />
        </label>
      </search>
      <p class="refusal" role="alert">
        {refusal}
      </p>
      {page === null ? (
        refusal === null && <p class="page-state">Lecture du journal…</p>
      ) : page.rows.length === 0 ? (
        <p class="page-state">Rien ne répond à cette recherche.</p>
      ) : (
        <ol class="audit">
          {page.rows.map((row) => (
            <AuditRow key={row.seq} row={row} />
          ))}
        </ol>
      )}
      {page?.next != null && (
        <p>
          <button type="button" class="side-button" onClick={() => setBefore(page.next)}>
            Plus anciens
          </button>
        </p>
      )}
    </>
  )
}
