import type { AuditFlaw, AuditVerdict } from './verify.ts'

/** What the technician of the cloud reads, in French as all commands. */
export function verdictInWords({ rows, end, flaw }: AuditVerdict): string {
  if (flaw !== null) return `${flawInWords(flaw)}\nJusque-là, ${rowsInWords(rows)} en ordre.`
  if (end === null) return 'Le journal est vide, et rien ne dit qu’il ait été autre chose.'
  const note = `À noter ailleurs, pour la prochaine vérification : --end ${end.seq}:${end.hash}`
  return `Le journal est entier : ${rowsInWords(rows)}, du premier au dernier.\n${note}`
}

function flawInWords(flaw: AuditFlaw): string {
  switch (flaw.kind) {
    case 'missing':
      return flaw.from === flaw.to
        ? `La ligne ${flaw.from} manque : elle a été retirée.`
        : `Les lignes ${flaw.from} à ${flaw.to} manquent : elles ont été retirées.`
    case 'altered':
      return `La ligne ${flaw.seq} n’est pas celle qui a été écrite : elle a été modifiée, ou ajoutée après coup.`
    case 'beyond-end':
      return `La ligne ${flaw.seq} vient après la fin du journal : elle a été ajoutée après coup.`
    case 'not-the-known-one':
      return `La ligne ${flaw.seq} n’est pas celle qui avait été notée : le journal a été refait jusque-là.`
  }
}

const rowsInWords = (rows: number) => (rows > 1 ? `${rows} lignes` : `${rows} ligne`)
