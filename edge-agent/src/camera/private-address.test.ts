import { expect, test } from 'vitest'
import { isPrivateAddress } from './private-address.ts'

test.each([
  'http://192.168.1.20/',
  'http://10.0.0.7:8080/onvif',
  'https://[fd12::1]/',
  'http://127.0.0.1:9/',
  'http://cam.local/',
])('%s may be a camera of the site', (url) => expect(isPrivateAddress(url)).toBe(true))

test.each([
  'http://93.184.216.34/',
  'http://example.org/',
  'http://[2001:db8::1]/',
  'http://172.32.0.1/',
  'nothing',
  'http://10.0.0.1.example.org/',
])('%s is not told a password, whoever asks', (url) => expect(isPrivateAddress(url)).toBe(false))
