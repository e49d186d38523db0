import { useState } from 'preact/hooks'
import type { DevicePass, TicketsApi } from '../../api/tickets.ts'
import { Qr } from '../../look/qr.tsx'
import { momentInWords, NARROW } from '../../look/wording.ts'
import { refusalInWords } from '../../office/refusal-words.ts'

type Props = { api: TicketsApi; site: string; page: string | null }

/** Where no document says it, the gateway's place on its network is known on this device alone. */
const keptUnder = (site: string) => `vigie-passerelle-${site}`

/** Pairs one's own phone: its camera reads a code that opens the page of the museum's gateway, with the pass in it. */
export function PhoneScreen({ api, site, page }: Props) {
  const [address, setAddress] = useState(() => page ?? localStorage.getItem(keptUnder(site)) ?? '')
  const [pass, setPass] = useState<DevicePass | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const origin = originOf(address)
  function make(): void {
    if (origin !== null && page === null) localStorage.setItem(keptUnder(site), origin)
    api.makePass(site).then(
      (made) => {
        setPass(made)
        setRefusal(null)
      },
      (problem: unknown) => setRefusal(refusalInWords(problem)),
    )
  }
  return (
    <section>
      <h1>Mon téléphone</h1>
      <p>
        Le téléphone lira les billets et suivra les passages, sur le Wi-Fi du musée, même sans internet. Le
        laissez-passer est à votre nom{NARROW}: ne montrez ce code qu’à votre propre appareil.
      </p>
      <label for="passerelle">Adresse de la passerelle du musée</label>
      <input
        id="passerelle"
        value={address}
        placeholder="passerelle.musee.lan:8443"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onInput={({ currentTarget }) => setAddress(currentTarget.value)}
      />
      <p class="hint">
        {page === null
          ? 'Demandez-la au technicien. Elle est gardée sur cet ordinateur.'
          : 'Comme dans les réglages du musée. Une autre ne vaut que pour ce code.'}
      </p>
      <p class="refusal" role="alert">
        {refusal}
      </p>
      <button type="button" class="primary" disabled={origin === null} onClick={make}>
        {pass === null ? 'Afficher le code' : 'Faire un autre code'}
      </button>
      {pass !== null && origin !== null && (
        <figure class="sold-ticket">
          <Qr text={`${origin}${pass.path}`} label="Code d’appairage" />
          <figcaption>
            Valable jusqu’à {momentInWords(Date.parse(pass.until), Date.now())}.{' '}
            <a href={`${origin}${pass.path}`} target="_blank" rel="noopener noreferrer">
              Ouvrir sur cet appareil
            </a>
          </figcaption>
        </figure>
      )}
    </section>
  )
}

/** `https://host:port`, whatever of it was typed; null where it is no address. */
export function originOf(typed: string): string | null {
  const text = typed.trim()
  if (text === '') return null
  try {
    const { origin, protocol, hostname } = new URL(/^https?:\/\//.test(text) ? text : `https://${text}`)
    return protocol === 'https:' || ['localhost', '127.0.0.1'].includes(hostname) ? origin : null
  } catch {
    return null
  }
}
