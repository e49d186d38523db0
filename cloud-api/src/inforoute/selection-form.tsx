import type { Place } from './place.ts'
import { addressOf, KINDS, ORDERS, type Order, roadsOf, type Selection } from './selection.ts'
import { KIND_WORDS, numberInWords } from './wording.ts'

const ORDER_WORDS: Record<Order, string> = { altitude: 'du plus haut au plus bas', nom: 'par nom', route: 'par route' }

/** Kinds as links, the rest as a form: both end in the address of the page, and work without script. */
export function SelectionForm({ places, selection }: { places: readonly Place[]; selection: Selection }) {
  const { kind: chosen, road, name, order } = selection
  return (
    <div class="selection">
      <nav class="kinds" aria-label="Types de lieux">
        <ul>
          <li>
            <KindLink selection={selection} kind={null} label="Toutes" count={places.length} />
          </li>
          {KINDS.map((kind) => (
            <li>
              <KindLink
                selection={selection}
                kind={kind}
                label={KIND_WORDS[kind].many}
                count={places.filter((place) => place.kind === kind).length}
              />
            </li>
          ))}
        </ul>
      </nav>
      <search>
        <form method="get" action="/" class="search">
          {chosen !== null && <input type="hidden" name="type" value={chosen} />}
          <div class="field field-name">
            <label for="nom">Lieu</label>
            <input id="nom" name="nom" type="search" value={name} autocomplete="off" enterkeyhint="search" />
          </div>
          <button type="submit">Afficher</button>
          <details class="more" open={road !== null || order !== 'altitude'}>
            <summary>Route, ordre</summary>
            <div class="more-fields">
              <div class="field">
                <label for="route">Route</label>
                <select id="route" name="route">
                  <option value="">toutes</option>
                  {roadsOf(places).map((one) => (
                    <option value={one} selected={one === road}>
                      {one}
                    </option>
                  ))}
                </select>
              </div>
              <div class="field">
                <label for="tri">Ordre</label>
                <select id="tri" name="tri">
                  {ORDERS.map((one) => (
                    <option value={one} selected={one === order}>
                      {ORDER_WORDS[one]}
                    </option>
                  ))}
                </select>
              </div>
            </div>
          </details>
        </form>
      </search>
    </div>
  )
}

type KindLinkProps = { selection: Selection; kind: Selection['kind']; label: string; count: number }

function KindLink({ selection, kind, label, count }: KindLinkProps) {
  const isCurrent = selection.kind === kind
  return (
    <a href={addressOf({ ...selection, kind })} aria-current={isCurrent ? 'true' : undefined}>
      {label} <span class="count">{numberInWords(count)}</span>
    </a>
  )
}
