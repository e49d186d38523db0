import type { CertifiedUnit } from '../../api/schemas.ts'
import { NARROW } from '../../look/wording.ts'
import { dateInWords, REVOCATION_WORDS } from '../words.ts'

/** All certificates that the authority gave to a unit, the newest first. */
export function Certificates({ certificates, now }: { certificates: CertifiedUnit['certificates']; now: number }) {
  return (
    <section aria-labelledby="certificats">
      <h2 id="certificats">Certificats</h2>
      {certificates.length === 0 ? (
        <p class="unit-note">L’autorité n’en a délivré aucun à ce boîtier.</p>
      ) : (
        <table class="certificates">
          <thead>
            <tr>
              <th scope="col">Délivré</th>
              <th scope="col">Valable</th>
              <th scope="col">Numéro de série</th>
            </tr>
          </thead>
          <tbody>
            {certificates.map((certificate) => (
              <tr key={certificate.serial}>
                <td>{dateInWords(Date.parse(certificate.issuedAt))}</td>
                <td>{validityInWords(certificate, now)}</td>
                <td class="serial">{certificate.serial}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function validityInWords(
  { startsAt, endsAt, revokedAt, reason }: CertifiedUnit['certificates'][number],
  now: number,
): string {
  const [start, end] = [Date.parse(startsAt), Date.parse(endsAt)]
  if (revokedAt !== null) {
    const why = reason === null ? '' : `${NARROW}: ${REVOCATION_WORDS[reason].one}`
    return `révoqué le ${dateInWords(Date.parse(revokedAt))}${why}`
  }
  if (end <= now) return `expiré depuis le ${dateInWords(end)}`
  return start > now ? `à partir du ${dateInWords(start)}` : `jusqu’au ${dateInWords(end)}`
}
