import { useEffect, useRef, useState } from 'preact/hooks'
import type { MuseumOffer, Payment, SoldType, TicketOrder, TicketsApi } from '../../api/tickets.ts'
import { countInWords, HARD, inPrint, NARROW } from '../../look/wording.ts'
import { refusalInWords } from '../../office/refusal-words.ts'
import { PAYMENT_WORDS, PAYMENTS, priceInWords } from '../money.ts'
import { SoldScreen } from './sold-screen.tsx'
import { TypeChoice } from './type-choice.tsx'

type Props = { api: TicketsApi; site: string; newId: () => string }

/** The largest sale: a class with its teachers. */
const COUNT_MAX = 60

/** Sells: what, how many, how it is paid. A sale that is sent twice is sold once. */
export function SaleScreen({ api, site, newId }: Props) {
  const [offer, setOffer] = useState<MuseumOffer | null>(null)
  const [day, setDay] = useState<string | null>(null)
  const [type, setType] = useState<SoldType | null>(null)
  const [count, setCount] = useState(1)
  const [slot, setSlot] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isSelling, setSelling] = useState(false)
  const [sold, setSold] = useState<TicketOrder | null>(null)
  const nonce = useRef(newId())
  const terms = useRef<HTMLElement>(null)

  useEffect(() => {
    let isWanted = true
    api.offer(site, day).then(
      (next) => {
        if (!isWanted) return
        setOffer(next)
        setRefusal(null)
      },
      (problem: unknown) => isWanted && setRefusal(refusalInWords(problem)),
    )
    return () => {
      isWanted = false
    }
  }, [api, site, day, sold])

  function choose(next: SoldType): void {
    setType(next)
    setSlot(null)
    // On a phone what comes next stands below a dozen types.
    terms.current?.scrollIntoView({ block: 'nearest' })
  }
  function sell(payment: Payment): void {
    if (type === null || isSelling) return
    setSelling(true)
    const sale = { nonce: nonce.current, type: type.number, count, payment }
    api
      .sell(site, { ...sale, ...(day === null ? {} : { day }), ...(slot === null ? {} : { slot }) })
      .then(
        (order) => {
          setSold(order)
          setRefusal(null)
          nonce.current = newId()
        },
        (problem: unknown) => setRefusal(refusalInWords(problem)),
      )
      .finally(() => setSelling(false))
  }
  function next(): void {
    setSold(null)
    setType(null)
    setCount(1)
    setSlot(null)
  }

  if (sold !== null) return <SoldScreen order={sold} onNext={next} />
  if (offer === null) {
    return <p class={refusal === null ? 'page-state' : 'refusal'}>{refusal ?? 'Lecture des tarifs…'}</p>
  }
  const isReady = type !== null && (!type.needsSlot || slot !== null)
  return (
    <div class="sale">
      <section>
        <h1>Vendre</h1>
        <TypeChoice types={offer.types} chosen={type} onChoose={choose} />
      </section>
      <section class="sale-terms" ref={terms}>
        <fieldset class="stepper">
          <legend>Combien</legend>
          <button type="button" disabled={count === 1} onClick={() => setCount(count - 1)} aria-label="Un de moins">
            −
          </button>
          <output aria-live="polite">{count}</output>
          <button
            type="button"
            disabled={count === COUNT_MAX}
            onClick={() => setCount(count + 1)}
            aria-label="Un de plus"
          >
            +
          </button>
        </fieldset>
        <p class="field">
          <label for="jour">Jour de visite</label>
          <input
            id="jour"
            type="date"
            value={day ?? offer.day}
            onInput={({ currentTarget }) => setDay(currentTarget.value === '' ? null : currentTarget.value)}
          />
          <span class="hint">
            {offer.opening.length === 0
              ? 'Le musée est fermé ce jour-là.'
              : offer.opening.map(({ from, until }) => `${hourOf(from)} à ${hourOf(until)}`).join(', ')}
          </span>
        </p>
        {type?.needsSlot === true && (
          <fieldset class="choices">
            <legend>Heure</legend>
            {offer.slots.map(({ start, left }) => (
              <button
                key={start}
                type="button"
                disabled={left < count * type.persons}
                aria-pressed={slot === start}
                onClick={() => setSlot(start)}
              >
                {hourOf(start)}
                <span class="choice-more">{left === 0 ? 'complet' : countInWords(left, 'place', 'places')}</span>
              </button>
            ))}
            {offer.slots.length === 0 && <p>Aucune visite ce jour-là.</p>}
          </fieldset>
        )}
        {type?.proof != null && (
          <p class="notice">
            À vérifier{NARROW}: {inPrint(type.proof.fr)}
          </p>
        )}
        <p class="total" aria-live="polite">
          {type === null ? 'Choisissez un tarif' : `Total${HARD}${priceInWords(type.priceCents * count)}`}
        </p>
        <p class="refusal" role="alert">
          {refusal}
        </p>
        <fieldset class="choices">
          <legend>{type?.priceCents === 0 ? 'Délivrer' : 'Payé par'}</legend>
          {(type?.priceCents === 0 ? (['free'] as const) : PAYMENTS).map((payment) => (
            <button
              key={payment}
              type="button"
              class="primary"
              disabled={!isReady}
              aria-busy={isSelling}
              onClick={() => sell(payment)}
            >
              {PAYMENT_WORDS[payment]}
            </button>
          ))}
        </fieldset>
      </section>
    </div>
  )
}

/** "10:00" as it is said: "10 h", "9 h 30". */
export function hourOf(time: string): string {
  const [hours = '', minutes = '00'] = time.split(':')
  const hour = `${Number(hours)}${HARD}h`
  return minutes === '00' ? hour : `${hour}${HARD}${minutes}`
}
