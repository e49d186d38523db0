import { type Action, type Device, hasPtz } from './action.ts'
import { fault, textOf } from './envelope.ts'
import { ptzConfiguration } from './ptz-service.ts'
import { type Xml, xml } from './xml.ts'

export const SNAPSHOT_PATH = '/onvif/snapshot.jpg'

/** The one profile. */
const PROFILE = 'main'
const noSuchProfile = fault('ter:InvalidArgVal', 'No such profile')

/** The media service (trt) of ONVIF profile S. */
export const mediaActions: Record<string, Action> = {
  GetProfiles: {
    answer: (device) =>
      xml`<trt:GetProfilesResponse>${device.hasProfiles ? profile(device, 'Profiles') : xml``}</trt:GetProfilesResponse>`,
  },
  GetProfile: {
    answer: (device, asked) =>
      textOf(asked, 'ProfileToken') === PROFILE
        ? xml`<trt:GetProfileResponse>${profile(device, 'Profile')}</trt:GetProfileResponse>`
        : noSuchProfile,
  },
  GetVideoSources: {
    answer: (device) => xml`<trt:GetVideoSourcesResponse>
      <trt:VideoSources token="source">
        <tt:Framerate>25</tt:Framerate>
        ${resolution(device)}
      </trt:VideoSources>
    </trt:GetVideoSourcesResponse>`,
  },
  GetSnapshotUri: {
    answer: (device, asked) =>
      textOf(asked, 'ProfileToken') === PROFILE
        ? xml`<trt:GetSnapshotUriResponse>${mediaUri(device.base + SNAPSHOT_PATH)}</trt:GetSnapshotUriResponse>`
        : noSuchProfile,
  },
  GetStreamUri: {
    answer: (device, asked) =>
      textOf(asked, 'ProfileToken') === PROFILE
        ? xml`<trt:GetStreamUriResponse>${mediaUri(`rtsp://${new URL(device.base).hostname}/main`)}</trt:GetStreamUriResponse>`
        : noSuchProfile,
  },
  GetServiceCapabilities: {
    isOpen: true,
    answer: () => xml`<trt:GetServiceCapabilitiesResponse>
      <trt:Capabilities SnapshotUri="true" Rotation="false" VideoSourceMode="false" OSD="false">
        <trt:ProfileCapabilities MaximumNumberOfProfiles="1" />
        <trt:StreamingCapabilities RTPMulticast="false" RTP_TCP="true" RTP_RTSP_TCP="true" NonAggregateControl="false" />
      </trt:Capabilities>
    </trt:GetServiceCapabilitiesResponse>`,
  },
}

function mediaUri(uri: string): Xml {
  return xml`<trt:MediaUri>
    <tt:Uri>${uri}</tt:Uri>
    <tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>
    <tt:InvalidAfterReboot>false</tt:InvalidAfterReboot>
    <tt:Timeout>PT0S</tt:Timeout>
  </trt:MediaUri>`
}

function resolution(device: Device): Xml {
  return xml`<tt:Resolution>
    <tt:Width>${device.pictureWidthPx}</tt:Width><tt:Height>${device.pictureHeightPx}</tt:Height>
  </tt:Resolution>`
}

function profile(device: Device, element: 'Profiles' | 'Profile'): Xml {
  const { pictureWidthPx: width, pictureHeightPx: height } = device
  return xml`<trt:${{ xml: element }} token="${PROFILE}" fixed="true">
    <tt:Name>${PROFILE}</tt:Name>
    <tt:VideoSourceConfiguration token="source-configuration">
      <tt:Name>source</tt:Name>
      <tt:UseCount>1</tt:UseCount>
      <tt:SourceToken>source</tt:SourceToken>
      <tt:Bounds x="0" y="0" width="${width}" height="${height}"></tt:Bounds>
    </tt:VideoSourceConfiguration>
    <tt:VideoEncoderConfiguration token="encoder-configuration">
      <tt:Name>encoder</tt:Name>
      <tt:UseCount>1</tt:UseCount>
      <tt:Encoding>H264</tt:Encoding>
      ${resolution(device)}
      <tt:Quality>5</tt:Quality>
      <tt:RateControl>
        <tt:FrameRateLimit>25</tt:FrameRateLimit>
        <tt:EncodingInterval>1</tt:EncodingInterval>
        <tt:BitrateLimit>4096</tt:BitrateLimit>
      </tt:RateControl>
      <tt:H264><tt:GovLength>50</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264>
      <tt:Multicast>
        <tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address>
        <tt:Port>0</tt:Port>
        <tt:TTL>0</tt:TTL>
        <tt:AutoStart>false</tt:AutoStart>
      </tt:Multicast>
      <tt:SessionTimeout>PT60S</tt:SessionTimeout>
    </tt:VideoEncoderConfiguration>
    ${hasPtz(device) ? ptzConfiguration('tt') : xml``}
  </trt:${{ xml: element }}>`
}
