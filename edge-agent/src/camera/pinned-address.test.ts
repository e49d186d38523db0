import { describe, expect, test } from 'vitest'
import { pinAddress, pinStreamAddress } from './pinned-address.ts'

const HTTP = new URL('http://192.0.2.7:8001/onvif/device_service')
const HTTPS = new URL('https://camera.example/onvif/device_service')

describe('pinAddress', () => {
  test.each([
    ['the same host keeps its port', HTTP, 'http://192.0.2.7:8080/snap?x=1', 'http://192.0.2.7:8080/snap?x=1', null],
    ['the same host without a port means 80', HTTP, 'http://192.0.2.7/snap', 'http://192.0.2.7/snap', null],
    [
      'another host is replaced, port and all',
      HTTP,
      'http://198.51.100.1:99/a?b',
      'http://192.0.2.7:8001/a?b',
      '198.51.100.1',
    ],
    ['a path alone stands on the camera', HTTP, '/snap.jpg', 'http://192.0.2.7:8001/snap.jpg', null],
    ['name and password are dropped', HTTP, 'http://a:b@192.0.2.7/snap', 'http://192.0.2.7/snap', null],
    ['https is never left for http', HTTPS, 'http://camera.example:8080/snap', 'https://camera.example/snap', null],
    [
      'https may stand on another port',
      HTTPS,
      'https://camera.example:8443/snap',
      'https://camera.example:8443/snap',
      null,
    ],
    [
      'a host that begins like ours is another',
      HTTPS,
      'https://camera.example.evil/',
      'https://camera.example/',
      'camera.example.evil',
    ],
    ['letters of another size are the same host', HTTPS, 'https://CAMERA.example/a', 'https://camera.example/a', null],
    ['a number for an address is read as one', HTTP, 'http://3221225991/a', 'http://192.0.2.7/a', null],
  ])('%s', (_, configured, named, url, foreignHost) => {
    const pinned = pinAddress(configured, named)
    expect(pinned?.url.href).toBe(url)
    expect(pinned?.foreignHost).toBe(foreignHost)
  })

  test.each(['file:///etc/passwd', 'rtsp://192.0.2.7/', 'javascript:0', 'http://[', 'http://a b/'])(
    '"%s" is no address to fetch from',
    (named) => {
      expect(pinAddress(HTTP, named)).toBeNull()
    },
  )
})

describe('pinStreamAddress', () => {
  test('keeps path and port, and never a foreign host', () => {
    expect(pinStreamAddress(HTTP, 'rtsp://192.0.2.7:5554/main?a=b')).toBe('rtsp://192.0.2.7:5554/main?a=b')
    expect(pinStreamAddress(HTTP, 'rtsp://u:p@198.51.100.1:5554/main')).toBe('rtsp://192.0.2.7/main')
    expect(pinStreamAddress(HTTP, 'RTSP://[2001:db8::1]/x')).toBe('rtsp://192.0.2.7/x')
  })

  test.each(['', 'http://192.0.2.7/', 'rtsp://'])('"%s" is no stream', (named) => {
    expect(pinStreamAddress(HTTP, named)).toBeNull()
  })
})
