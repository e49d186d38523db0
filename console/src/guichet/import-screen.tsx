import { useCallback, useEffect, useState } from 'preact/hooks'
import type { ImportResult, MuseumSeller, TicketsApi } from '../api/tickets.ts'
import { countInWords, NARROW } from '../look/wording.ts'
import { refusalInWords } from '../office/refusal-words.ts'

const MISTAKES: Record<ImportResult['mistakes'][number]['why'], string> = {
  'no-barcode': 'pas de code-barres',
  'type-unknown': 'tarif inconnu ici',
  'no-date': 'pas de date',
  'status-unknown': 'état inconnu',
}

/** Tickets that others sold for the museum: a file of theirs, or asked for by their API. */
export function ImportScreen({ api, site }: { api: TicketsApi; site: string }) {
  const [sellers, setSellers] = useState<MuseumSeller[] | null>(null)
  const [result, setResult] = useState<{ seller: string; result: ImportResult } | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const refused = (problem: unknown) => setRefusal(refusalInWords(problem))
  const read = useCallback(() => {
    api.sellers(site).then(setSellers, refused)
  }, [api, site])
  useEffect(read, [read])
  function take(seller: MuseumSeller, importing: Promise<ImportResult>): void {
    importing.then((taken) => {
      setResult({ seller: seller.name, result: taken })
      setRefusal(null)
      read()
    }, refused)
  }
  return (
    <section>
      <h1>Importer</h1>
      <p>
        Les billets vendus ailleurs ouvrent les passages dès qu’ils sont importés. Importer deux fois ne double rien.
      </p>
      <p class="refusal" role="alert">
        {refusal}
      </p>
      {result !== null && <Result {...result} />}
      {sellers?.length === 0 && <p class="page-state">Aucun autre vendeur n’est prévu pour ce musée.</p>}
      <ul class="ticket-lines">
        {sellers?.map((seller) => (
          <li key={seller.id} class="ticket-line">
            <span class="ticket-line-main">
              <strong>{seller.name}</strong>
              <span class="hint">
                {countInWords(seller.tickets, 'billet connu', 'billets connus', 'aucun billet connu')}
                {seller.tickets > 0 && `, ${countInWords(seller.entered, 'entré', 'entrés', 'aucun entré')}`}
                {seller.untold > 0 &&
                  `, ${countInWords(seller.untold, 'entrée à lui signaler', 'entrées à lui signaler')}`}
              </span>
            </span>
            {seller.hasApi && (
              <button type="button" onClick={() => take(seller, api.askSeller(site, seller.id))}>
                Demander maintenant
              </button>
            )}
            <label class="button">
              Choisir un fichier (CSV)
              <input
                class="visually-hidden"
                type="file"
                accept=".csv,text/csv"
                onChange={({ currentTarget }) => {
                  const [file] = currentTarget.files ?? []
                  if (file !== undefined)
                    take(
                      seller,
                      file.text().then((csv) => api.importFile(site, seller.id, csv)),
                    )
                  currentTarget.value = ''
                }}
              />
            </label>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Result({ seller, result }: { seller: string; result: ImportResult }) {
  const { added, changed, unchanged, wrong, mistakes } = result
  return (
    <div class="notice" role="status">
      <p>
        {seller}
        {NARROW}: {countInWords(added, 'nouveau billet', 'nouveaux billets', 'aucun nouveau billet')},{' '}
        {countInWords(changed, 'changé', 'changés')}, {countInWords(unchanged, 'inchangé', 'inchangés')},{' '}
        {countInWords(wrong, 'ligne refusée', 'lignes refusées', 'aucune ligne refusée')}.
      </p>
      <ul>
        {mistakes.map(({ line, why }) => (
          <li key={line}>
            Ligne {line}
            {NARROW}: {MISTAKES[why]}
          </li>
        ))}
      </ul>
    </div>
  )
}
