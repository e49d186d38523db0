import { describeSettings, readSettings } from '@vigie/config-schema/settings'
import { Command } from 'commander'
import { type AuthorityDeps, runAuthority } from '../authority-process.ts'
import { AuthoritySettings } from '../settings.ts'

/** `vigie authority serve`: the process that holds the issuing key. */
export function authorityCommand(
  { env, ...deps }: AuthorityDeps & { env: Readonly<Record<string, string | undefined>> },
  signal: AbortSignal,
): Command {
  const authority = new Command('authority').description("l'autorité de certification").usage('<commande> [options]')
  authority
    .command('serve')
    .usage('[--config <fichier>]')
    .description("répond aux boîtiers et au cloud jusqu'à ce qu'on l'arrête")
    .option('--config <fichier>', 'réglages en JSON ; les variables du même nom les remplacent')
    .addHelpText('after', ['', ...describeSettings(AuthoritySettings)].join('\n  '))
    .action(async ({ config }: { config?: string }) => {
      const settings = readSettings(AuthoritySettings, { file: config, env })
      deps.log.level = settings.logLevel
      await runAuthority(settings, deps, signal)
      deps.log.info('authority.stopped')
    })
  return authority
}
