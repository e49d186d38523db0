import { expect, test } from 'vitest'
import { passwordDigest, usernameToken } from './username-token.ts'

test('the digest is that of the example in the ONVIF Application Programmer’s Guide', () => {
  const nonce = Buffer.from('LKqI6G/AikKCQrN0zqZFlg==', 'base64')
  expect(passwordDigest(nonce, '2010-09-16T07:50:45Z', 'userpassword')).toBe('tuOSpGlFlIXsozq4HFNeeGeFLEI=')
})

test('a name with markup stays text, and the password is not in it', () => {
  const token = usernameToken({ user: `<a href="x">&'`, password: 'hunter2' }, 0, new Uint8Array(16))
  expect(token).toContain('<Username>&lt;a href=&quot;x&quot;&gt;&amp;&apos;</Username>')
  expect(token).toContain('>1970-01-01T00:00:00.000Z</Created>')
  expect(token).not.toContain('hunter2')
})
