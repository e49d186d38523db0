import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Cloud } from '../../api/cloud.ts'
import { Refused } from '../../api/refused.ts'
import type { Command, CommandWish } from '../../api/schemas.ts'
import { pause } from '../../live/pause.ts'

/** What is asked of a unit changes in seconds while somebody waits, and hardly at all otherwise. */
const AGAIN_OPEN_MS = 1_500
const AGAIN_MS = 20_000

export type Commands = {
  state: 'loading' | 'failed' | 'not-allowed' | 'ready'
  commands: Command[]
  /** Why the last wish was not taken, in words of the API; null: it was. */
  trouble: string | null
  ask(wish: CommandWish): void
  approve(command: string): void
}

type Asking = Pick<Cloud, 'commands' | 'askCommand' | 'approveCommand'>

/** The last commands of a site, followed while they are open. */
export function useCommands(cloud: Asking, site: string): Commands {
  const [state, setState] = useState<Commands['state']>('loading')
  const [commands, setCommands] = useState<Command[]>([])
  const [trouble, setTrouble] = useState<string | null>(null)
  /** Read again at once when it changes. */
  const [asked, setAsked] = useState(0)

  useEffect(() => {
    const gone = new AbortController()
    const follow = async () => {
      while (!gone.signal.aborted) {
        let isOpen = asked > 0
        try {
          const read = await cloud.commands(site, gone.signal)
          if (gone.signal.aborted) return
          setCommands(read)
          setState('ready')
          isOpen = read.some(({ endedAt }) => endedAt === null)
        } catch (error) {
          if (gone.signal.aborted) return
          const isRight = !(error instanceof Refused && [401, 403].includes(error.status))
          setState((before) => (isRight ? (before === 'ready' ? before : 'failed') : 'not-allowed'))
        }
        await pause(isOpen ? AGAIN_OPEN_MS : AGAIN_MS, gone.signal)
      }
    }
    void follow()
    return () => gone.abort()
  }, [cloud, site, asked])

  const doing = useCallback((work: Promise<unknown>) => {
    setTrouble(null)
    work.then(
      () => setAsked((count) => count + 1),
      (error: unknown) => setTrouble(troubleInWords(error)),
    )
  }, [])

  return {
    ...{ state, commands, trouble },
    ask: (wish) => doing(cloud.askCommand(site, wish)),
    approve: (command) => doing(cloud.approveCommand(site, command)),
  }
}

function troubleInWords(error: unknown): string {
  if (!(error instanceof Refused)) return 'Le centre ne répond pas. Réessayer dans un instant.'
  if (error.status === 401) return 'La session est terminée. Se connecter de nouveau.'
  if (error.status === 403) return 'Votre rôle ne permet pas cette demande sur ce site.'
  if (error.status === 429) return 'Trop de demandes à la fois. Attendre que les premières soient terminées.'
  return 'La demande n’a pas été prise. Réessayer dans un instant.'
}
