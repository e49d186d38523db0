import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProblemsError } from '@vigie/config-schema/problems'
import { type AgentDeps, type AgentEnd, runAgent } from './agent.ts'
import { thisRunAsBoot } from './clock/machine-boot.ts'
import { openHonestTime } from './clock/open-honest-time.ts'
import { readUnitKey } from './identity/credential.ts'
import { openIdentityFolder } from './identity/identity-folder.ts'
import { createIdentityLog } from './identity/identity-log.ts'
import { createIdentity, type Identity, type Shown } from './identity/keep-identity.ts'
import type { AgentSettings } from './settings.ts'
import { runTogether } from './together.ts'

/**
 * One unit with everything that it is. With AUTHORITY_URL it comes by its own certificate and keeps it valid; its agent runs
 * whenever there is one, and goes on through every renewal. Without, the agent runs with the certificate of the settings.
 * @throws as `runAgent`
 */
export async function runUnit(settings: AgentSettings, deps: AgentDeps, signal: AbortSignal): Promise<AgentEnd> {
  const { authorityUrl } = settings
  if (authorityUrl === undefined) return runAgent(settings, deps, signal)
  const firstAuthorities = readFirstAuthorities(settings)
  const machine = deps.machine ?? thisRunAsBoot(deps.newId)
  const honestTime = openHonestTime(settings.dataFolder, { ...deps, machine })
  const log = createIdentityLog(deps.log)
  const identity = createIdentity(
    {
      folder: openIdentityFolder(join(settings.dataFolder, 'identity')),
      ...{ time: honestTime, random: deps.random },
      ...{ onState: log.state, onTrouble: log.trouble, onTime: log.time },
    },
    { authorityUrl, firstAuthorities },
  )
  let end: AgentEnd = 'stopped'
  const ended = new AbortController()
  async function runAgents(stopped: AbortSignal): Promise<void> {
    while (end === 'stopped' && !stopped.aborted) {
      end = await runWhileTheSame(settings, { ...deps, machine, honestTime, identity }, stopped)
    }
    ended.abort()
  }
  await runTogether(AbortSignal.any([signal, ended.signal]), [identity.run, runAgents])
  return end
}

/** Runs an agent while it is the same unit with the same key at the same site: another certificate alone changes nothing. */
async function runWhileTheSame(
  settings: AgentSettings,
  deps: AgentDeps & { identity: Identity },
  signal: AbortSignal,
): Promise<AgentEnd> {
  const { identity } = deps
  const who = nameOf(identity.shown())
  const over = new AbortController()
  let end: AgentEnd = 'stopped'
  async function watch(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted && nameOf(identity.shown()) === who) await aborted(identity.changed(), stopped)
    over.abort()
  }
  async function run(stopped: AbortSignal): Promise<void> {
    end = await runAgent(settings, deps, stopped)
    over.abort()
  }
  await runTogether(AbortSignal.any([signal, over.signal]), [watch, ...(who === null ? [] : [run])])
  return end
}

const nameOf = (shown: Shown | null): string | null =>
  shown && `${shown.bearer.unit} ${shown.bearer.site} ${readUnitKey(shown.credential.key)?.id}`

/** Resolves as soon as one of them is aborted. */
function aborted(...signals: AbortSignal[]): Promise<void> {
  const either = AbortSignal.any(signals)
  return new Promise((resolve) => {
    if (either.aborted) resolve()
    else either.addEventListener('abort', () => resolve(), { once: true })
  })
}

function readFirstAuthorities({ caFile }: AgentSettings): string {
  const problem = (message: string) => new ProblemsError('The settings have problems', [{ place: 'caFile', message }])
  if (caFile === undefined) throw problem('is missing, with AUTHORITY_URL')
  try {
    return readFileSync(caFile, 'utf8')
  } catch {
    throw problem('cannot be read')
  }
}
