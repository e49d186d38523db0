import { verifyAudit } from '@vigie/cloud-api/audit/verify'
import { newSession } from '@vigie/cloud-api/people/new-session'
import { hashOfSecret } from '@vigie/cloud-api/people/secret'
import type { AuditEntry } from '@vigie/cloud-api/store/audit'
import type { NewPerson } from '@vigie/cloud-api/store/people'
import type { SiteId } from '@vigie/contract/ids'
import { expect, test } from 'vitest'
import { NOON, type OpenDatabase, useStore } from './store-trial.ts'

const entryOf = (action: string, change: Partial<AuditEntry> = {}): AuditEntry => ({
  at: NOON,
  who: 'marie.blanc',
  action,
  what: 'col-d-allos',
  site: null,
  ...change,
})

export const personOf = (name: string): NewPerson => ({
  id: `id-${name}`,
  name,
  displayName: name,
  email: null,
  passwordHash: '$argon2id$',
  secondFactorBy: null,
  grants: [{ role: 'technician', sites: ['essai-1' as SiteId] }],
})

/** Who has an account, what opens one, and the trail of what people do. */
export function peopleAreKnown(open: OpenDatabase): void {
  const trial = useStore(open)
  const linkOf = (name: string, endsAt = NOON + 1_000) => ({
    id: name,
    tokenHash: hashOfSecret(name),
    kind: 'invitation' as const,
    person: null,
    displayName: name,
    roles: '[]',
    madeBy: 'marie.blanc',
    madeAt: NOON,
    endsAt,
  })
  const enter = async (name: string) => {
    await trial.store.oneTimeLinks.make(linkOf(name), null)
    return trial.store.oneTimeLinks.useFor(
      hashOfSecret(name),
      personOf(name),
      entryOf('person.entered', { what: name }),
    )
  }

  test('a person is entered by a link with the roles it says, found by name, and told of', async () => {
    expect(await trial.store.people.isEmpty()).toBe(true)
    expect(await enter('luc')).toEqual({ kind: 'used' })
    expect(await trial.store.people.byName('luc')).toMatchObject(personOf('luc'))
    expect(await trial.store.people.isEmpty()).toBe(false)
    expect((await trial.store.audit.search({ limit: 9 })).map(({ action }) => action)).toEqual(['person.entered'])
  })

  test('what an authenticator shares is sealed where it lies in clear, and only there', async () => {
    await enter('luc')
    await enter('eve')
    await trial.store.people.change('id-luc', { totpSecret: 'GEZDGNBV' }, entryOf('x'))
    await trial.store.people.change('id-eve', { totpSecret: 'vault:AAAA' }, entryOf('x'))
    const seal = (secret: string, person: string) => `vault:${person}${secret}`
    expect(await trial.store.secondFactors.sealAuthenticators(seal)).toBe(1)
    const kept = (await trial.store.people.all()).map(({ totpSecret }) => totpSecret)
    expect(kept).toEqual(['vault:AAAA', 'vault:id-lucGEZDGNBV'])
    expect(await trial.store.secondFactors.sealAuthenticators(seal)).toBe(0)
  })

  test('a link is used once, by one of two who use it together, also on two instances', async () => {
    const second = await trial.second()
    await trial.store.oneTimeLinks.make(linkOf('once'), null)
    const uses = await Promise.all(
      [trial.store, second].map(({ oneTimeLinks }, at) =>
        oneTimeLinks.useFor(hashOfSecret('once'), personOf(`p${at}`), entryOf('person.entered')),
      ),
    )
    expect(uses.map(({ kind }) => kind).toSorted()).toEqual(['used', 'void'])
  })

  test('a session is found by its hash until it has ended, and not for somebody who is disabled', async () => {
    await enter('luc')
    const begun = (id: string) =>
      newSession(
        { id, person: 'id-luc', stage: 'signed-in', method: 'password' },
        { address: '192.0.2.7', device: 'x' },
        NOON,
      )
    const [one, two] = [begun('s1'), begun('s2')]
    for (const { session } of [one, two]) await trial.store.sessions.begin(session, entryOf('session.begun'))
    expect(await trial.store.sessions.find(hashOfSecret(one.secret), NOON)).toMatchObject({ person: { name: 'luc' } })
    expect(await trial.store.sessions.end('id-other', 's1', entryOf('session.ended'))).toBe(false)
    expect(await trial.store.sessions.end('id-luc', 's1', entryOf('session.ended'))).toBe(true)
    expect(await trial.store.sessions.find(hashOfSecret(one.secret), NOON)).toBeUndefined()
    await trial.store.people.change('id-luc', { disabledAt: NOON }, entryOf('person.disabled'))
    expect(await trial.store.sessions.find(hashOfSecret(two.secret), NOON)).toBeUndefined()
  })

  test('of two administrators who go at the same moment one stays', async () => {
    await Promise.all(['ada', 'luc', 'zoe'].map(enter))
    const grants = [{ role: 'administrator', sites: 'all' } as const]
    for (const id of ['id-ada', 'id-luc']) await trial.store.people.change(id, { grants }, entryOf('person.changed'))
    const second = await trial.second()
    const outcomes = await Promise.all([
      trial.store.people.change('id-ada', { disabledAt: NOON }, entryOf('person.changed')),
      second.people.change('id-luc', { grants: [] }, entryOf('person.changed')),
    ])
    expect(outcomes.toSorted()).toEqual(['changed', 'last-administrator'])
    const left = (await trial.store.people.all()).filter(
      (one) => one.disabledAt === null && one.grants[0] !== undefined,
    )
    expect(left.filter((one) => one.grants[0]?.role === 'administrator')).toHaveLength(1)
    expect(await trial.store.people.change('id-zoe', { disabledAt: NOON }, entryOf('person.changed'))).toBe('changed')
    expect(await trial.store.people.change('id-nobody', {}, entryOf('person.changed'))).toBe('unknown')
  })

  test('a code of the authenticator is taken once, also by two instances at the same moment', async () => {
    await enter('luc')
    const second = await trial.second()
    const taken = await Promise.all([trial.store, second].map(({ people }) => people.takeTotpStep('id-luc', 5)))
    expect(taken.toSorted()).toEqual([false, true])
    expect(await trial.store.people.takeTotpStep('id-luc', 4)).toBe(false)
    expect(await trial.store.people.takeTotpStep('id-luc', 6)).toBe(true)
  })

  test('an allowance is used up, fills again with time, and is one for all instances', async () => {
    const rules = [{ key: 'a', capacity: 2, refillMs: 1_000 }]
    const second = await trial.second()
    expect(await trial.store.attempts.take(rules, NOON)).toBeNull()
    expect(await second.attempts.take(rules, NOON)).toBeNull()
    expect(await trial.store.attempts.take(rules, NOON)).toBe(1_000)
    expect(await trial.store.attempts.take(rules, NOON + 400)).toBe(600)
    expect(await second.attempts.take(rules, NOON + 1_000)).toBeNull()
    await trial.store.attempts.giveBack(rules)
    expect(await trial.store.attempts.take(rules, NOON + 1_000)).toBeNull()
    // A clock that goes back fills nothing.
    expect(await trial.store.attempts.take(rules, NOON - 60_000)).toBe(1_000)
  })

  test('the trail is one chain, whoever writes to it at the same moment, and nothing in it is changed by storing', async () => {
    const second = await trial.second()
    const odd = {
      before: { nul: '\0', half: '\ud800', quote: `'"\\` },
      after: [1, null, 'é'],
      reason: 'nul \0 half \ud800',
    }
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        (at % 2 === 0 ? trial.store : second).audit.append(entryOf(`thing.done-${at}`, at % 3 === 0 ? odd : {})),
      ),
    )
    expect(await verifyAudit(trial.store.audit)).toMatchObject({ rows: 20, flaw: null })
    await trial.reopen()
    expect(await verifyAudit(trial.store.audit)).toMatchObject({ rows: 20, end: { seq: 20 }, flaw: null })
  })

  test('the trail is searched by who, what kind, where and when, the newest first', async () => {
    const essai = 'essai-1' as SiteId
    await trial.store.audit.append(entryOf('unit.revoked', { who: 'luc', site: essai }))
    await trial.store.audit.append(entryOf('unit.replaced', { at: NOON + 1_000 }))
    await trial.store.audit.append(entryOf('session.begun', { at: NOON + 2_000, site: essai }))
    const found = async (query: object) =>
      (await trial.store.audit.search({ limit: 9, ...query })).map(({ action }) => action)
    expect(await found({})).toEqual(['session.begun', 'unit.replaced', 'unit.revoked'])
    expect(await found({ who: 'luc' })).toEqual(['unit.revoked'])
    expect(await found({ action: 'unit' })).toEqual(['unit.replaced', 'unit.revoked'])
    expect(await found({ action: '%' })).toHaveLength(3)
    expect(await found({ site: essai })).toEqual(['session.begun', 'unit.revoked'])
    expect(await found({ sites: [] })).toEqual([])
    expect(await found({ from: NOON + 1_000, to: NOON + 2_000 })).toEqual(['unit.replaced'])
    expect(await found({ before: 2 })).toEqual(['unit.revoked'])
  })
}
