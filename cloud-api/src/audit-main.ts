import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { verdictInWords } from './audit/verdict-words.ts'
import { verifyAudit } from './audit/verify.ts'
import { openAudit } from './store/open-audit.ts'
import { storeFaultOf } from './store/store-fault.ts'

/** 0: the trail is whole; 1: something is wrong with it; 75: it could not be read; 78: the command was not understood. */
const EXIT = { flawed: 1, unreadable: 75, usage: 78 } as const

const USAGE = `vigie audit verify [--data DOSSIER | --database postgres://...] [--end NUMÉRO:EMPREINTE]

Vérifie que le journal des actions est entier, et dit la première ligne modifiée, manquante ou ajoutée.
Sans option, prend DATABASE_URL ou DATA_FOLDER dans l’environnement, comme cloud-api.
--end donne une fin notée ailleurs : elle trouve aussi un journal refait en entier.`

const { values, positionals } = parseArgs({
  options: {
    data: { type: 'string' },
    database: { type: 'string' },
    end: { type: 'string' },
    help: { type: 'boolean' },
  },
  allowPositionals: true,
})

process.exitCode = await run()

async function run(): Promise<number> {
  const postgresUrl = values.database ?? (values.data === undefined ? process.env['DATABASE_URL'] : undefined)
  const dataFolder = values.data ?? process.env['DATA_FOLDER']
  const known = /^(\d+):([0-9a-f]{64})$/.exec(values.end ?? '')
  const isClear = positionals.join() === 'verify' && (values.end === undefined || known !== null)
  if (values.help === true || !isClear || (postgresUrl === undefined && dataFolder === undefined)) {
    console.log(USAGE)
    return values.help === true ? 0 : EXIT.usage
  }
  try {
    const audit = openAudit({ sqliteFile: join(dataFolder ?? '', 'vigie.sqlite'), postgresUrl })
    const end = known === null ? undefined : { seq: Number(known[1]), hash: known[2] ?? '' }
    const verdict = await verifyAudit(audit, end).finally(audit.close)
    console.log(verdictInWords(verdict))
    return verdict.flaw === null ? 0 : EXIT.flawed
  } catch (error) {
    const fault = storeFaultOf(error)
    if (fault === undefined) throw error
    console.error(`Le journal ne peut pas être lu : ${fault.message}`)
    return EXIT.unreadable
  }
}
