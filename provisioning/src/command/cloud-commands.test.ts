import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { claimCommand } from './claim-command.ts'
import { speakFrench } from './french.ts'
import { sessionCommand } from './session-command.ts'
import { unitCommand } from './unit-command.ts'

/* The commands against a peer that answers what the cloud's own routes answer; those are tested beside themselves. */
type Asked = { method: string; path: string; headers: IncomingMessage['headers']; body: unknown }
type Reply = { status?: number; cookie?: string; body?: unknown }

let folder: string
let server: Server
let cloud: string
let asked: Asked[]
let printed: string[]
let replies: Record<string, Reply>
/** What is typed where the terminal shows nothing. */
let answers: string[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-session-'))
  asked = []
  printed = []
  replies = {}
  answers = ['un mot de passe', '123456']
  server = createServer(async (request, response) => {
    const body = await text(request)
    const path = (request.url ?? '').replace('/api/v1', '')
    const method = request.method ?? ''
    asked.push({ method, path, headers: request.headers, body: body === '' ? null : JSON.parse(body) })
    const { status = 200, cookie, body: sent } = replies[`${method} ${path}`] ?? { status: 404 }
    if (cookie !== undefined) response.setHeader('set-cookie', [`${cookie}; Path=/; HttpOnly`])
    response.writeHead(status).end(sent === undefined ? undefined : JSON.stringify(sent))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  cloud = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // listening on TCP
})
afterEach(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

const sessionFile = () => join(folder, 'config', 'session.json')

async function vigie(...args: string[]): Promise<string> {
  const print = (line: string) => void printed.push(line)
  const deps = { sessionFile: sessionFile(), print, askHidden: async () => answers.shift() ?? '' }
  const commands = [sessionCommand(deps), claimCommand(deps), unitCommand(deps)]
  const command = new Command('vigie')
  for (const one of commands) command.addCommand(one)
  speakFrench(command)
  for (const one of [...commands, ...commands.flatMap((each) => each.commands)])
    one.exitOverride().configureOutput({ writeErr: print })
  await command.exitOverride().parseAsync(args, { from: 'user' })
  return printed.join('\n')
}

async function signIn(): Promise<void> {
  replies['POST /session'] = { cookie: '__Host-vigie=secret', body: { state: 'signed-in' } }
  await vigie('session', 'begin', '--cloud', cloud, '--name', 'jeanne')
}

describe('a session', () => {
  test('is kept for its owner alone, asks for the second factor, and tells no secret', async () => {
    replies['POST /session'] = { cookie: '__Host-vigie=first', body: { state: 'second-factor' } }
    replies['POST /session/second-factor'] = { cookie: '__Host-vigie=second', body: { state: 'signed-in' } }
    const said = await vigie('session', 'begin', '--cloud', `${cloud}/veille`, '--name', 'jeanne')
    expect(asked.map(({ body }) => body)).toEqual([{ name: 'jeanne', password: 'un mot de passe' }, { code: '123456' }])
    expect(asked[1]?.headers).toMatchObject({ cookie: '__Host-vigie=first', 'x-vigie-client': 'vigie' })
    expect(statSync(sessionFile()).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(sessionFile(), 'utf8'))).toEqual({ origin: cloud, cookie: '__Host-vigie=second' })
    expect(said).not.toMatch(/second=|mot de passe un|123456|first/)
  })

  test('that has ended, or was never begun, is asked for in so many words', async () => {
    await expect(vigie('claim', 'list')).rejects.toMatchObject({ code: 'session-needed' })
    await signIn()
    replies['GET /claims'] = { status: 401, body: { title: 'Nobody is signed in' } }
    await expect(vigie('claim', 'list')).rejects.toMatchObject({ code: 'session-needed' })
  })

  test('ends on both sides', async () => {
    await signIn()
    replies['DELETE /session'] = { status: 204 }
    await vigie('session', 'end')
    expect(asked.at(-1)).toMatchObject({ method: 'DELETE', path: '/session' })
    await expect(vigie('unit', 'list')).rejects.toMatchObject({ code: 'session-needed' })
  })
})

describe('vigie claim', () => {
  test('shows the new code as a QR, as it is and in words', async () => {
    await signIn()
    const words = 'abaisser '.repeat(12).trim()
    const made = { id: '01K', code: 'AAAAA-BBBBB', words, expiresAt: '2026-12-02T12:00:00.000Z', path: '/pose#c=AAAAA' }
    replies['POST /claims'] = { status: 201, body: made }
    const said = await vigie('claim', 'new', '--unit', 'vg-0042', '--days', '2')
    expect(asked.at(-1)).toMatchObject({ body: { unit: 'vg-0042', expiresInS: 172_800 } })
    expect(said).toContain(words)
    expect(said).toContain('AAAAA-BBBBB')
    expect(said).toMatch(/▀|▄|█/)
    expect(said).toContain('2 décembre 2026')
  })

  test('lists states in French, and says why the cloud refuses', async () => {
    await signIn()
    const claim = {
      id: '01K',
      state: 'bound',
      unit: null,
      site: 'seyne',
      madeBy: 'paul',
      expiresAt: '2026-12-02T12:00:00.000Z',
    }
    replies['GET /claims'] = { body: { claims: [claim] } }
    expect(await vigie('claim', 'list')).toMatch(
      /01K {2}rattaché, jusqu'au 2 décembre 2026 {2}tout boîtier {2}seyne {2}par paul/,
    )
    replies['DELETE /claims/01K'] = { status: 403, body: { title: 'Your roles do not allow this', detail: 'None.' } }
    await expect(vigie('claim', 'withdraw', '01K')).rejects.toThrow(/Your roles do not allow this : None/)
  })
})

describe('vigie claim bind', () => {
  test('asks for the code of the label, which never stands on the command line', async () => {
    await signIn()
    replies['POST /claims/bind'] = { body: {} }
    answers = [' 7ZK3Q-0A1BC-9DEFG-HJKMN-PQRST-V ']
    const said = await vigie('claim', 'bind', '--site', 'seyne')
    expect(asked.at(-1)).toMatchObject({ body: { code: '7ZK3Q-0A1BC-9DEFG-HJKMN-PQRST-V', site: 'seyne' } })
    expect(said).toContain('Code rattaché à seyne')
    expect(said).not.toContain('7ZK3Q')
  })
})

describe('vigie unit', () => {
  test('lists what each certificate is worth, and revokes for one of the known reasons', async () => {
    await signIn()
    const one = (unit: string, state: string, reason: string | null = null) => ({
      ...{ unit, site: 'seyne', state, certificates: [{ endsAt: '2027-05-01T00:00:00.000Z', reason }] },
    })
    replies['GET /units'] = {
      body: { units: [one('vg-1', 'certified'), one('vg-2', 'expired'), one('vg-3', 'revoked', 'stolen')] },
    }
    const said = await vigie('unit', 'list')
    expect(said).toMatch(/vg-1 {2}seyne {2}certificat jusqu'au 2027-05-01/)
    expect(said).toMatch(/vg-2 {2}seyne {2}certificat expiré .* se renouvellera de lui-même/)
    expect(said).toMatch(/vg-3 {2}seyne {2}révoqué \(volé\)/)
    replies['POST /units/vg-1/revocation'] = { body: one('vg-1', 'revoked', 'lost') }
    await vigie('unit', 'revoke', 'vg-1', '--reason', 'lost')
    expect(asked.at(-1)).toMatchObject({ body: { reason: 'lost' } })
    await expect(vigie('unit', 'revoke', 'vg-1')).rejects.toMatchObject({
      code: 'commander.missingMandatoryOptionValue',
    })
    await expect(vigie('unit', 'revoke', 'vg-1', '--reason', 'x')).rejects.toThrow()
  })
})
