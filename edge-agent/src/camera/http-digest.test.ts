import { describe, expect, test } from 'vitest'
import { answerChallenge, chooseChallenge, parseChallenges } from './http-digest.ts'

/** RFC 7616 §3.9.1: one server, both algorithms, one request. */
const HEADER =
  'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, ' +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", ' +
  'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, ' +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
const LOGIN = { user: 'Mufasa', password: 'Circle of Life' }
const REQUEST = {
  method: 'GET',
  path: '/dir/index.html',
  count: 1,
  clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
}

const answerTo = (header: string, login = LOGIN, request = REQUEST) => {
  const challenge = chooseChallenge(parseChallenges(header))
  return challenge === null ? null : answerChallenge(challenge, login, request)
}

describe('Digest', () => {
  test('answers the example of RFC 7616 with SHA-256, which it prefers', () => {
    expect(answerTo(HEADER)).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"')
    expect(answerTo(HEADER)).toContain('algorithm=SHA-256')
    expect(answerTo(HEADER)).toContain('nc=00000001')
  })

  test('answers the example of RFC 7616 with MD5 when there is nothing better', () => {
    const md5 = HEADER.slice(HEADER.indexOf('Digest', 1))
    expect(answerTo(md5)).toContain('response="8ca523f5e9506fed4657c9700eebdbec"')
  })

  test('answers the example of RFC 2617, whose quoting has no spaces', () => {
    const header =
      'Digest realm="testrealm@host.com",qop="auth,auth-int",nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",' +
      'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    const request = { ...REQUEST, clientNonce: '0a4f113b' }
    expect(answerTo(header, { user: 'Mufasa', password: 'Circle Of Life' }, request)).toContain(
      'response="6629fae49393a05397450978507c4ef1"',
    )
  })

  test('does without qop as RFC 2069 did, sending neither count nor client nonce', () => {
    const answer = answerTo('Digest realm="r", nonce="n"', { user: 'u', password: 'p' })
    // MD5(MD5("u:r:p"):n:MD5("GET:/dir/index.html"))
    expect(answer).toContain('response="fef71a1ed020d5dbc919be49210d36ef"')
    expect(answer).not.toMatch(/qop|cnonce|nc=/)
  })

  test('escapes quotes and backslashes in a user name', () => {
    expect(answerTo('Digest realm="r", nonce="n"', { user: 'a"b\\c', password: 'p' })).toContain(
      'username="a\\"b\\\\c"',
    )
  })

  test('hashes the user name when asked to', () => {
    const answer = answerTo('Digest realm="r", nonce="n", userhash=true', { user: 'u', password: 'p' })
    expect(answer).toContain('userhash=true')
    expect(answer).not.toContain('username="u"')
  })
})

describe('chooseChallenge', () => {
  test('takes Basic only when no Digest can be answered', () => {
    const digest = 'Digest realm="r", nonce="n"'
    expect(answerTo(`Basic realm="r", ${digest}`)).toMatch(/^Digest /)
    expect(answerTo('Digest realm="r", nonce="n", algorithm=SHA-512-256, Basic realm="r"')).toMatch(/^Basic /)
    expect(answerTo('Basic realm="r"', { user: 'é', password: 'p' })).toBe('Basic w6k6cA==')
  })

  test('answers nothing that it does not know', () => {
    for (const header of [
      '',
      'Bearer',
      'Negotiate YII=',
      'Digest',
      'Digest realm="r", nonce="n", qop=auth-int',
      '",,=',
    ]) {
      expect(answerTo(header)).toBeNull()
    }
  })
})
