import { type Action, type Device, hasPtz } from './action.ts'
import { networkActions } from './network-actions.ts'
import { services } from './services.ts'
import { type Xml, xml } from './xml.ts'

const MAKER = 'Vigie'
const MODEL = 'VG-SIM-1080'

/** The device service (tds), as far as clients of a roadside camera ask it. */
export const deviceActions: Record<string, Action> = {
  GetSystemDateAndTime: {
    isOpen: true,
    answer: (device) => xml`<tds:GetSystemDateAndTimeResponse>
      <tds:SystemDateAndTime>
        <tt:DateTimeType>NTP</tt:DateTimeType>
        <tt:DaylightSavings>false</tt:DaylightSavings>
        <tt:TimeZone><tt:TZ>UTC0</tt:TZ></tt:TimeZone>
        <tt:UTCDateTime>${dateTime(device.now())}</tt:UTCDateTime>
        <tt:LocalDateTime>${dateTime(device.now())}</tt:LocalDateTime>
      </tds:SystemDateAndTime>
    </tds:GetSystemDateAndTimeResponse>`,
  },
  GetDeviceInformation: {
    answer: (device) => xml`<tds:GetDeviceInformationResponse>
      <tds:Manufacturer>${MAKER}</tds:Manufacturer>
      <tds:Model>${MODEL}</tds:Model>
      <tds:FirmwareVersion>1.0.0</tds:FirmwareVersion>
      <tds:SerialNumber>${device.serial}</tds:SerialNumber>
      <tds:HardwareId>${MODEL}</tds:HardwareId>
    </tds:GetDeviceInformationResponse>`,
  },
  // It is away for no longer than the answer takes: what is tested is the order, not the waiting.
  SystemReboot: {
    answer: () => xml`<tds:SystemRebootResponse><tds:Message>Rebooting</tds:Message></tds:SystemRebootResponse>`,
  },
  GetServices: {
    isOpen: true,
    answer: (device) => xml`<tds:GetServicesResponse>
      ${services
        .filter((service) => service.id !== 'ptz' || hasPtz(device))
        .map(
          (service) => xml`<tds:Service>
            <tds:Namespace>${service.namespace}</tds:Namespace>
            <tds:XAddr>${device.base}${service.path}</tds:XAddr>
            <tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version>
          </tds:Service>`,
        )}
    </tds:GetServicesResponse>`,
  },
  GetCapabilities: {
    isOpen: true,
    answer: (device) => xml`<tds:GetCapabilitiesResponse>
      <tds:Capabilities>
        ${deviceCapabilities(device)}
        <tt:Media>
          <tt:XAddr>${device.base}${services[1].path}</tt:XAddr>
          <tt:StreamingCapabilities>
            <tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP>
          </tt:StreamingCapabilities>
        </tt:Media>
        ${hasPtz(device) ? xml`<tt:PTZ><tt:XAddr>${device.base}${services[2].path}</tt:XAddr></tt:PTZ>` : xml``}
      </tds:Capabilities>
    </tds:GetCapabilitiesResponse>`,
  },
  GetServiceCapabilities: {
    isOpen: true,
    answer: () => xml`<tds:GetServiceCapabilitiesResponse>
      <tds:Capabilities>
        <tds:Network IPFilter="false" ZeroConfiguration="false" IPVersion6="false" DynDNS="false" HostnameFromDHCP="true" NTP="1" />
        <tds:Security TLS1.0="false" TLS1.1="false" TLS1.2="false" UsernameToken="true" HttpDigest="true" RemoteUserHandling="false" />
        <tds:System DiscoveryResolve="false" DiscoveryBye="false" RemoteDiscovery="false" SystemBackup="false" SystemLogging="false" FirmwareUpgrade="false" />
      </tds:Capabilities>
    </tds:GetServiceCapabilitiesResponse>`,
  },
  GetScopes: {
    answer: (device) => xml`<tds:GetScopesResponse>
      ${scopesOf(device).map(
        (scope) => xml`<tds:Scopes>
          <tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>${scope}</tt:ScopeItem>
        </tds:Scopes>`,
      )}
    </tds:GetScopesResponse>`,
  },
  ...networkActions,
}

/** What WS-Discovery and GetScopes say of the camera. Spaces are written as %20: scopes are addresses. */
export function scopesOf(device: Pick<Device, 'name' | 'presets'>): string[] {
  const about = [
    'Profile/Streaming',
    'type/video_encoder',
    `hardware/${MODEL}`,
    `name/${encodeURIComponent(device.name)}`,
  ]
  if (device.presets.length > 1) about.push('type/ptz')
  return about.map((one) => `onvif://www.onvif.org/${one}`)
}

function dateTime(milliseconds: number): Xml {
  const at = new Date(milliseconds)
  return xml`<tt:Time>
      <tt:Hour>${at.getUTCHours()}</tt:Hour>
      <tt:Minute>${at.getUTCMinutes()}</tt:Minute>
      <tt:Second>${at.getUTCSeconds()}</tt:Second>
    </tt:Time>
    <tt:Date>
      <tt:Year>${at.getUTCFullYear()}</tt:Year>
      <tt:Month>${at.getUTCMonth() + 1}</tt:Month>
      <tt:Day>${at.getUTCDate()}</tt:Day>
    </tt:Date>`
}

function deviceCapabilities(device: Device): Xml {
  return xml`<tt:Device>
    <tt:XAddr>${device.base}${services[0].path}</tt:XAddr>
    <tt:Network>
      <tt:IPFilter>false</tt:IPFilter>
      <tt:ZeroConfiguration>false</tt:ZeroConfiguration>
      <tt:IPVersion6>false</tt:IPVersion6>
      <tt:DynDNS>false</tt:DynDNS>
    </tt:Network>
    <tt:System>
      <tt:DiscoveryResolve>false</tt:DiscoveryResolve>
      <tt:DiscoveryBye>false</tt:DiscoveryBye>
      <tt:RemoteDiscovery>false</tt:RemoteDiscovery>
      <tt:SystemBackup>false</tt:SystemBackup>
      <tt:SystemLogging>false</tt:SystemLogging>
      <tt:FirmwareUpgrade>false</tt:FirmwareUpgrade>
      <tt:SupportedVersions><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tt:SupportedVersions>
    </tt:System>
    <tt:IO><tt:InputConnectors>0</tt:InputConnectors><tt:RelayOutputs>0</tt:RelayOutputs></tt:IO>
    <tt:Security>
      <tt:TLS1.1>false</tt:TLS1.1>
      <tt:TLS1.2>false</tt:TLS1.2>
      <tt:OnboardKeyGeneration>false</tt:OnboardKeyGeneration>
      <tt:AccessPolicyConfig>false</tt:AccessPolicyConfig>
      <tt:X.509Token>false</tt:X.509Token>
      <tt:SAMLToken>false</tt:SAMLToken>
      <tt:KerberosToken>false</tt:KerberosToken>
      <tt:RELToken>false</tt:RELToken>
    </tt:Security>
  </tt:Device>`
}
