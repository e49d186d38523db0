import type { Documents } from '../api/configuration.ts'
import { Qr } from '../look/qr.tsx'
import { inPrint } from '../look/wording.ts'

type Lanes = Documents['lane']
type Lane = Lanes['lanes'][number]
const KINDS: Record<Lane['kind'], string> = { tripod: 'tripode', wide: 'portillon large' }
const WAYS: Record<Lane['direction'], string> = { in: 'entrée', out: 'sortie', both: 'entrée et sortie' }

/** The lanes of a museum as they are planned, and where the phones of its staff find the gateway. */
export function MuseumLanes({ planned: { lanes, gateway }, unit }: { planned: Lanes; unit: string }) {
  if (lanes.length === 0) return null
  const page = gateway?.page
  return (
    <section>
      <h2>Passages</h2>
      <table class="differences">
        <thead>
          <tr>
            <th scope="col">Passage</th>
            <th scope="col">Sens</th>
            <th scope="col">Boîtier</th>
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) => (
            <tr key={lane.id}>
              <th scope="row">
                {inPrint(lane.label)} <span class="quiet">{KINDS[lane.kind]}</span>
              </th>
              <td data-side="Sens">{WAYS[lane.direction]}</td>
              <td data-side="Boîtier">
                <a href={`/parc/${lane.unit ?? unit}`}>{lane.unit ?? unit}</a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="museum-page">
        <h3>Page de l’accueil, sur le Wi-Fi du musée</h3>
        {page === undefined ? (
          <p class="quiet">
            Son adresse n’est pas dans les réglages. Elle se tape alors au guichet, à chaque premier appairage.
          </p>
        ) : (
          <>
            <p>
              <a href={page}>{page}</a>
            </p>
            <Qr text={page} label="Adresse de la page de l’accueil" />
            <p class="quiet">Ce code ouvre la page. Le laissez-passer d’un téléphone se fait au guichet.</p>
          </>
        )}
      </div>
    </section>
  )
}
