import { Command, InvalidArgumentError } from 'commander'
import { EXIT_CODES } from './exit-codes.ts'
import { speakFrench } from './french.ts'

/** The command line, as it is written. */
export type ProbeOptions = {
  user?: string
  passwordFile?: string
  client: 'onvif' | 'node-onvif'
  preset?: string
  /** False: no picture is kept. */
  picture?: string | boolean
  caFile?: string
  fingerprint?: string
  interface?: string
  deadline: number
  json?: boolean
}

type GivenOptions = Omit<ProbeOptions, 'client' | 'deadline'> & Partial<Pick<ProbeOptions, 'client' | 'deadline'>>

/** Two questions, and 3 s for the slowest to answer each. */
const SEARCH_S = 6
/** Some fifty questions and one picture, of a slow camera. */
const PROBE_S = 30

/** `vigie camera …`. `probe` gets the address, if one is given, and gives the exit code. */
export function createCameraCommand(probe: (url: string | undefined, options: ProbeOptions) => Promise<void>): Command {
  const camera = new Command('vigie camera').description('Les caméras').usage('<commande> [options]')
  camera
    .command('probe')
    .argument('[adresse]', 'http://192.168.1.64, par exemple')
    .usage('[adresse] [options]')
    .summary('examine une caméra ou cherche celles du réseau')
    .description('Examine une caméra ONVIF ; sans adresse, cherche celles du réseau.')
    .option('--user <nom>', 'compte ONVIF (ou VIGIE_CAMERA_USER)')
    .option('--password-file <fichier>', 'son mot de passe (ou VIGIE_CAMERA_PASSWORD ; sinon demandé)')
    .option('--client <nom>', 'bibliothèque : onvif ou, pour les vieilles caméras, node-onvif', clientName)
    .option('--preset <nom>', "tourne d'abord vers ce préréglage")
    .option('--picture <fichier>', "où garder l'image")
    .option('--no-picture', "ne garde pas l'image")
    .option('--ca-file <fichier>', 'https : autorité du certificat (PEM)')
    .option('--fingerprint <sha256>', 'https : empreinte du certificat')
    .option('--interface <nom>', 'recherche : par cette interface seule')
    .option('--deadline <secondes>', `durée de tout (${PROBE_S} ; recherche ${SEARCH_S})`, seconds)
    .option('--json', 'résultat pour une machine')
    .addHelpText('after', `\nCodes de sortie :\n${exitCodeLines().join('\n')}`)
    .action((url: string | undefined, { client = 'onvif', deadline, ...rest }: GivenOptions) =>
      probe(url, { ...rest, client, deadline: deadline ?? (url === undefined ? SEARCH_S : PROBE_S) }),
    )
  return speakFrench(camera)
}

const exitCodeLines = () =>
  Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`)

function clientName(text: string): ProbeOptions['client'] {
  if (text === 'onvif' || text === 'node-onvif') return text
  throw new InvalidArgumentError('onvif ou node-onvif.')
}

function seconds(text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value >= 1 && value <= 600) return value
  throw new InvalidArgumentError('Entre 1 et 600 secondes.')
}
