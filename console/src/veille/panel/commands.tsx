import type { Cloud } from '../../api/cloud.ts'
import type { Command, CommandBody } from '../../api/schemas.ts'
import { momentInWords } from '../../look/wording.ts'
import { commandInWords, lifeInWords, resultInWords } from './command-words.ts'
import { useCommands } from './use-commands.ts'

type Props = {
  cloud: Pick<Cloud, 'commands' | 'askCommand' | 'approveCommand'>
  site: string
  /** Ids of the unit's cameras. */
  cameras: string[]
  now: number
}

const SHOWN = 6

/** What can be asked of a site's unit, and how far the last demands came. */
export function Commands({ cloud, site, cameras, now }: Props) {
  const { state, commands, trouble, ask, approve } = useCommands(cloud, site)
  if (state === 'not-allowed') return null
  return (
    <section class="commands" aria-labelledby="demandes">
      <h3 id="demandes">Demander à l’unité</h3>
      <ul class="commands-offer">
        {offersOf(cameras).map((body) => (
          <li key={labelOf(body, cameras)}>
            <button type="button" onClick={() => ask({ body })}>
              {labelOf(body, cameras)}
            </button>
          </li>
        ))}
      </ul>
      {trouble !== null && (
        <p class="commands-trouble" role="alert">
          {trouble}
        </p>
      )}
      {state === 'failed' && <p class="panel-note">Les demandes ne peuvent pas être lues. Nouvel essai bientôt.</p>}
      {state === 'ready' && commands.length === 0 && (
        <p class="panel-note">Rien n’a encore été demandé à cette unité.</p>
      )}
      <ol class="commands-last" aria-label="Dernières demandes">
        {commands.slice(0, SHOWN).map((command) => (
          <Life key={command.id} command={command} now={now} onApprove={() => approve(command.id)} />
        ))}
      </ol>
    </section>
  )
}

/** What harms nobody. Cameras are asked one by one. */
function offersOf(cameras: string[]): CommandBody[] {
  return [
    ...cameras.map((camera): CommandBody => ({ name: 'frame-now', camera })),
    { name: 'watch-closely', minutes: 30 },
    { name: 'probe', what: 'link' },
    { name: 'probe', what: 'disk' },
    { name: 'probe', what: 'clock' },
    ...cameras.map((camera): CommandBody => ({ name: 'probe', what: 'camera', camera })),
    { name: 'probe', what: 'logs' },
    { name: 'resend-history' },
    ...cameras.map((camera): CommandBody => ({ name: 'reboot-camera', camera })),
    { name: 'restart-agent' },
  ]
}

/** With several cameras each says which. */
function labelOf(body: CommandBody, cameras: string[]): string {
  const words = commandInWords(body)
  return 'camera' in body && body.camera !== undefined && cameras.length > 1 ? `${words}, ${body.camera}` : words
}

function Life({ command, now, onApprove }: { command: Command; now: number; onApprove: () => void }) {
  const { body, step, result, askedBy, askedAt, reason } = command
  const isOpen = step === 'queued' || step === 'delivered' || step === 'accepted'
  return (
    <li data-step={step}>
      <p class="commands-what">
        <span class="commands-name">{commandInWords(body)}</span>{' '}
        <span class="commands-life">{lifeInWords(command)}</span>
      </p>
      <p class="commands-who">
        {askedBy}, {momentInWords(Date.parse(askedAt), now)}
        {reason !== null && `, « ${reason} »`}
      </p>
      {command.approval === 'awaited' && isOpen && (
        <button type="button" onClick={onApprove}>
          Donner mon accord
        </button>
      )}
      {result !== null && (
        <ul class="commands-result">
          {resultInWords(result).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {result?.of === 'logs' && result.lines.length > 0 && (
        <details>
          <summary>Voir le journal</summary>
          <pre>{result.lines.join('\n')}</pre>
        </details>
      )}
    </li>
  )
}
