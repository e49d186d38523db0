import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PAYLOAD_MAX_BYTES } from '@vigie/contract/bounds'
import { mosquittoAccessFile } from '@vigie/contract/topics'
import type { DevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { placesOf } from '../fleet/places.ts'
import { findFreePorts } from '../fleet/port.ts'

/** A broker as it runs in production: a process of its own, found by its port. */
export type BrokerProcess = {
  port: number
  pid: number
  /** What it printed last, line by line; the last of them it says on its way out. */
  said: readonly string[]
  /** Ends it as a supervisor does and gives its exit code. */
  stop(): Promise<number | null>
  /** Ends it at once, wherever it is. */
  kill(): Promise<void>
}
export type StartBroker = (authority: DevelopmentAuthority, port?: number) => Promise<BrokerProcess>

const SAID_MAX_LINES = 500

const main = placesOf('').program('gateway-broker', 'main.js')

/** `node gateway-broker/dist/main.js`, configured by its environment; `more` are further settings. */
export const startVigieBroker = async (
  { caFile, broker }: Pick<DevelopmentAuthority, 'caFile' | 'broker'>,
  port = 0,
  more: Readonly<Record<string, string>> = {},
): Promise<BrokerProcess> => {
  if (!existsSync(main)) throw new Error('gateway-broker is not built: npm run build')
  const child = spawn(process.execPath, [main], {
    env: {
      LISTEN_PORT: String(port),
      CA_FILE: caFile,
      CERTIFICATE_FILE: broker.certificateFile,
      KEY_FILE: broker.keyFile,
      ...more,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { line, said } = await lineWith(child, child.stdout, 'broker.listening')
  return asBroker(child, JSON.parse(line).port, said)
}

/** Runs it to its own end, which must come at once: for settings that it refuses and for what it prints. */
export const runVigieBroker = (args: string[], env: Record<string, string>) =>
  spawnSync(process.execPath, [main, ...args], { env, encoding: 'utf8', timeout: 20_000 })

/**
 * Debian's Mosquitto with the access file of the contract and nothing else than its configuration file.
 * @param more lines for its configuration file, in place of `use_username_as_clientid`
 */
export const startMosquitto = async (
  { caFile, broker }: Pick<DevelopmentAuthority, 'caFile' | 'broker'>,
  port?: number,
  more: readonly string[] = ['use_username_as_clientid true'],
): Promise<BrokerProcess> => {
  if (spawnSync('mosquitto', ['-h']).error !== undefined) {
    throw new Error('mosquitto is not installed: apt-get install --no-install-recommends mosquitto')
  }
  const folder = mkdtempSync(join(tmpdir(), 'vigie-mosquitto-'))
  const listenPort = port ?? (await findFreePorts(1))
  writeFileSync(join(folder, 'access'), mosquittoAccessFile(), { mode: 0o600 })
  const configuration = [
    // Started by root it would change to another user, who cannot read the keys.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    `listener ${listenPort} 127.0.0.1`,
    `cafile ${caFile}`,
    `certfile ${broker.certificateFile}`,
    `keyfile ${broker.keyFile}`,
    'tls_version tlsv1.2',
    'require_certificate true',
    'use_identity_as_username true',
    ...more,
    'allow_anonymous false',
    `acl_file ${join(folder, 'access')}`,
    `message_size_limit ${PAYLOAD_MAX_BYTES}`,
    'persistence false',
    'log_dest stderr',
  ]
  writeFileSync(join(folder, 'mosquitto.conf'), `${configuration.join('\n')}\n`)
  const child = spawn('mosquitto', ['-c', join(folder, 'mosquitto.conf')], { stdio: ['ignore', 'ignore', 'pipe'] })
  child.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const { said } = await lineWith(child, child.stderr, 'running')
  return asBroker(child, listenPort, said)
}

function asBroker(child: ChildProcess, port: number, said: readonly string[]): BrokerProcess {
  const orphaned = () => child.kill('SIGKILL')
  process.once('exit', orphaned)
  // `close` comes after `exit`, when its last lines are here.
  const exited = once(child, 'close').then(([code]): number | null => {
    process.off('exit', orphaned)
    return code
  })
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return await exited
  }
  return { port, pid: child.pid ?? 0, said, stop: () => end('SIGTERM'), kill: async () => void (await end('SIGKILL')) }
}

/** Reads on after the line that says it is up: a full pipe would stop the broker. */
async function lineWith(
  child: ChildProcess,
  output: NodeJS.ReadableStream,
  text: string,
): Promise<{ line: string; said: readonly string[] }> {
  const lines = createInterface({ input: output })
  const said: string[] = []
  return await new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line)
      if (said.length > SAID_MAX_LINES) said.shift()
      if (line.includes(text)) resolve({ line, said })
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`ended before "${text}":\n${said.join('\n')}`)))
  })
}
