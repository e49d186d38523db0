import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { runLogged, StepFailed } from './step.mjs'

/** What the tests run against that npm does not have, and which tests need it. */
const PACKAGES = {
  mosquitto: 'another broker through MQTT_URL',
  'mosquitto-clients': 'another broker through MQTT_URL',
  influxdb: 'series on a real InfluxDB',
  postgresql: 'the store on a real PostgreSQL',
  chromium: 'the pages in a browser',
  'onvif-tools': 'the camera simulator against a foreign ONVIF client',
  iproute2: 'the camera simulator against a foreign ONVIF client',
  curl: 'HTTP behaviour seen by a foreign client',
  openssl: 'certificates seen by a foreign verifier',
  'nginx-light': 'the benchmark `serve`',
  wrk: 'the benchmark `serve`',
  ffmpeg: 'cameras with a video stream alone, and the benchmark `pipeline`',
  imagemagick: 'the benchmark `pipeline`',
  'gir1.2-gst-rtsp-server-1.0': 'an RTSP camera that nobody here wrote',
  'gstreamer1.0-plugins-good': 'an RTSP camera that nobody here wrote',
  'gstreamer1.0-plugins-ugly': 'an RTSP camera that nobody here wrote',
  'python3-gi': 'an RTSP camera that nobody here wrote',
  nftables: 'the faults of a network',
  vde2: 'the faults of a network',
  faketime: 'the faults of a clock',
  'fiu-utils': 'the faults of a disk',
  'strongswan-pki': 'enrolment by a client that nobody here wrote',
  'libstrongswan-standard-plugins': 'enrolment by a client that nobody here wrote',
  'libstrongswan-extra-plugins': 'enrolment by a client that nobody here wrote',
  libcurl4: 'enrolment by a client that nobody here wrote',
  'poppler-utils': 'the signature of a report seen by a foreign reader',
  qrencode: 'codes drawn by a foreign program',
  'zbar-tools': 'codes read by a foreign program',
  socat: 'readers and boards on a pseudo-terminal',
  udev: 'readers and boards on a pseudo-terminal',
  'python3-pymodbus': 'a tripod behind a Modbus slave that nobody here wrote',
  'python3-serial': 'a tripod behind a Modbus slave that nobody here wrote',
  'python3-serial-asyncio': 'a tripod behind a Modbus slave that nobody here wrote',
}
const POLICY_FILE = '/usr/sbin/policy-rc.d'
const POLICY = '#!/bin/sh\nexit 101\n'

/**
 * Installs what is missing when this is root on Debian; else says what is missing and what cannot run without it. No
 * service is started: tests start their own, on their own ports.
 */
export async function installDebianPackages() {
  const missing = missingPackages()
  if (missing === undefined) return 'not a Debian machine'
  if (missing.length === 0) return 'up to date'
  if (process.getuid?.() !== 0) return explain(missing, 'not root')
  await withoutStartingServices(async () => {
    await isDone(['update', '-q'])
    if (await isDone([...INSTALL, ...missing])) return
    // One that this release of Debian does not have keeps all others away when they are asked for together.
    for (const name of missing) await isDone([...INSTALL, name])
  })
  const left = missingPackages() ?? []
  if (left.length > 0) return explain(left, 'apt-get failed')
}

const INSTALL = ['install', '-qy', '--no-install-recommends']

async function isDone(args) {
  try {
    await runLogged('apt-get', args, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
    return true
  } catch (error) {
    if (error instanceof StepFailed) return false
    throw error
  }
}

function missingPackages() {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is dpkg-query's own format
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...Object.keys(PACKAGES)], {
    encoding: 'utf8',
  })
  if (query.error) return undefined
  const installed = new Set(
    query.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  )
  return Object.keys(PACKAGES).filter((name) => !installed.has(name))
}

function explain(missing, reason) {
  const lines = missing.map((name) => `      ${name.padEnd(20)} ${PACKAGES[name]}`)
  return [`missing (${reason}); these cannot run:`, ...lines].join('\n')
}

/** Debian asks this file before it starts a service: 101 means no. Whatever stood there before stands there after. */
async function withoutStartingServices(run) {
  const before = existsSync(POLICY_FILE) ? { text: readFileSync(POLICY_FILE), mode: statSync(POLICY_FILE).mode } : null
  writeFileSync(POLICY_FILE, POLICY)
  chmodSync(POLICY_FILE, 0o755)
  try {
    await run()
  } finally {
    rmSync(POLICY_FILE)
    if (before !== null) writeFileSync(POLICY_FILE, before.text, { mode: before.mode })
  }
}
