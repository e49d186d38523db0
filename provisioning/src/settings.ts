import Type from 'typebox'

const text = (description: string) => Type.String({ description, minLength: 1 })

/** What the authority's process is told from outside; see README.md. */
export const AuthoritySettings = Type.Object({
  listenHost: Type.String({ description: 'Address to listen on; 0.0.0.0 for all', minLength: 1, default: '127.0.0.1' }),
  listenPort: Type.Integer({
    description: 'Port to listen on; 0: any free one',
    minimum: 0,
    maximum: 65_535,
    default: 8444,
  }),
  names: Type.Array(Type.String({ pattern: '^[a-zA-Z0-9.:-]{1,253}$' }), {
    description: 'Host names and addresses by which boxes and the cloud reach it, as a JSON list',
    minItems: 1,
    default: ['localhost', '127.0.0.1'],
  }),
  authorityFolder: text("Folder that 'vigie ca init' made, without the root's key"),
  passphraseFile: text('File with the passphrase of the issuing key, readable by this process alone'),
  dataFolder: text('Folder of its own database'),
  logLevel: Type.Enum(['debug', 'info', 'warn', 'error'], {
    description: 'Least level of what is logged: debug, info, warn or error',
    default: 'info',
  }),
})
export type AuthoritySettings = Readonly<Type.Static<typeof AuthoritySettings>>
