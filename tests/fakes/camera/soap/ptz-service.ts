import type { Action } from './action.ts'
import { fault, textOf } from './envelope.ts'
import { type Xml, xml } from './xml.ts'

const SPACES = 'http://www.onvif.org/ver10/tptz'

/** The PTZ service (tptz): presets only, as a roadside camera is steered. */
export const ptzActions: Record<string, Action> = {
  GetPresets: {
    answer: (device) => xml`<tptz:GetPresetsResponse>
      ${device.presets.map(({ token, name }) => xml`<tptz:Preset token="${token}"><tt:Name>${name}</tt:Name></tptz:Preset>`)}
    </tptz:GetPresetsResponse>`,
  },
  GotoPreset: {
    answer: (device, asked) =>
      device.goTo(textOf(asked, 'PresetToken') ?? '')
        ? xml`<tptz:GotoPresetResponse></tptz:GotoPresetResponse>`
        : fault('ter:InvalidArgVal', 'No such preset'),
  },
  // It takes the order and stays where it is: its views are drawn for its presets.
  RelativeMove: { answer: () => xml`<tptz:RelativeMoveResponse></tptz:RelativeMoveResponse>` },
  // It turns at once and so always stands; without an answer a client would have to wait blindly.
  GetStatus: {
    answer: (device) => xml`<tptz:GetStatusResponse>
      <tptz:PTZStatus>
        <tt:MoveStatus><tt:PanTilt>IDLE</tt:PanTilt></tt:MoveStatus>
        <tt:UtcTime>${new Date(device.now()).toISOString()}</tt:UtcTime>
      </tptz:PTZStatus>
    </tptz:GetStatusResponse>`,
  },
  GetNodes: {
    answer: (device) => xml`<tptz:GetNodesResponse>
      <tptz:PTZNode token="node">
        <tt:Name>node</tt:Name>
        <tt:SupportedPTZSpaces>
          <tt:AbsolutePanTiltPositionSpace>
            <tt:URI>${SPACES}/PanTiltSpaces/PositionGenericSpace</tt:URI>${range('XRange')}${range('YRange')}
          </tt:AbsolutePanTiltPositionSpace>
        </tt:SupportedPTZSpaces>
        <tt:MaximumNumberOfPresets>${device.presets.length}</tt:MaximumNumberOfPresets>
        <tt:HomeSupported>false</tt:HomeSupported>
      </tptz:PTZNode>
    </tptz:GetNodesResponse>`,
  },
  GetConfigurations: {
    answer: () => xml`<tptz:GetConfigurationsResponse>${ptzConfiguration('tptz')}</tptz:GetConfigurationsResponse>`,
  },
  GetServiceCapabilities: {
    isOpen: true,
    answer: () => xml`<tptz:GetServiceCapabilitiesResponse>
      <tptz:Capabilities EFlip="false" Reverse="false" GetCompatibleConfigurations="false" />
    </tptz:GetServiceCapabilitiesResponse>`,
  },
}

const range = (name: 'XRange' | 'YRange'): Xml =>
  xml`<tt:${{ xml: name }}><tt:Min>-1</tt:Min><tt:Max>1</tt:Max></tt:${{ xml: name }}>`

/** Stands in a profile as a `tt:` element and in the PTZ service as a `tptz:` one. */
export function ptzConfiguration(prefix: 'tt' | 'tptz'): Xml {
  return xml`<${{ xml: prefix }}:PTZConfiguration token="ptz-configuration">
    <tt:Name>ptz</tt:Name>
    <tt:UseCount>1</tt:UseCount>
    <tt:NodeToken>node</tt:NodeToken>
    <tt:DefaultAbsolutePantTiltPositionSpace>${SPACES}/PanTiltSpaces/PositionGenericSpace</tt:DefaultAbsolutePantTiltPositionSpace>
    <tt:DefaultPTZTimeout>PT10S</tt:DefaultPTZTimeout>
  </${{ xml: prefix }}:PTZConfiguration>`
}
