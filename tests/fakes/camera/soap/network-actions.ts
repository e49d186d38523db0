import type { Action } from './action.ts'
import { xml } from './xml.ts'

/** What the device service says of the camera's network. It has one interface, a fixed address and no gateway. */
export const networkActions: Record<string, Action> = {
  GetHostname: {
    isOpen: true,
    answer: (device) => xml`<tds:GetHostnameResponse>
      <tds:HostnameInformation>
        <tt:FromDHCP>false</tt:FromDHCP><tt:Name>${device.hostname}</tt:Name>
      </tds:HostnameInformation>
    </tds:GetHostnameResponse>`,
  },
  GetNetworkInterfaces: {
    answer: (device) => xml`<tds:GetNetworkInterfacesResponse>
      <tds:NetworkInterfaces token="eth0">
        <tt:Enabled>true</tt:Enabled>
        <tt:Info><tt:Name>eth0</tt:Name><tt:HwAddress>02:00:00:00:00:01</tt:HwAddress><tt:MTU>1500</tt:MTU></tt:Info>
        <tt:IPv4>
          <tt:Enabled>true</tt:Enabled>
          <tt:Config>
            <tt:Manual>
              <tt:Address>${new URL(device.base).hostname}</tt:Address><tt:PrefixLength>24</tt:PrefixLength>
            </tt:Manual>
            <tt:DHCP>false</tt:DHCP>
          </tt:Config>
        </tt:IPv4>
      </tds:NetworkInterfaces>
    </tds:GetNetworkInterfacesResponse>`,
  },
  GetNetworkDefaultGateway: {
    answer: () => xml`<tds:GetNetworkDefaultGatewayResponse>
      <tds:NetworkGateway></tds:NetworkGateway>
    </tds:GetNetworkDefaultGatewayResponse>`,
  },
  GetDNS: {
    answer: () => xml`<tds:GetDNSResponse>
      <tds:DNSInformation><tt:FromDHCP>false</tt:FromDHCP></tds:DNSInformation>
    </tds:GetDNSResponse>`,
  },
  GetNTP: {
    answer: () => xml`<tds:GetNTPResponse>
      <tds:NTPInformation><tt:FromDHCP>false</tt:FromDHCP></tds:NTPInformation>
    </tds:GetNTPResponse>`,
  },
}
