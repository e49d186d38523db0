import { createHash, createPrivateKey, webcrypto, X509Certificate } from 'node:crypto'
import { plainAddPlaceholder } from '@signpdf/placeholder-plain'
import { Signer, SignPdf } from '@signpdf/signpdf'
import { ObjectIdentifier, OctetString, Sequence } from 'asn1js'
import * as pkijs from 'pkijs'

/** Who signs reports: a P-256 key with its certificate first and the ones above it after. */
export type ReportSigner = {
  /** The common name, as readers of the PDF show it. */
  name: string
  /** SHA-256 of the certificate, in hexadecimal. */
  fingerprint: string
  sign(pdf: Buffer, words: { reason: string; place: string; at: number }): Promise<Buffer>
}

/** Room for the signature with a chain of four P-256 certificates, in bytes; a longer one throws. */
const SIGNATURE_MAX_BYTES = 8_192

const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  /** RFC 5035: which certificate signed; without it a signature is no PAdES baseline one (ETSI EN 319 142-1, 6.3). */
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
}

/** Reads a signer; throws when the text holds no certificate, or the key is not its key. */
export function readReportSigner(certificatePem: string, keyPem: string): ReportSigner {
  const chain = (certificatePem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map(
    (pem) => new X509Certificate(pem),
  )
  const [own] = chain
  const key = createPrivateKey(keyPem)
  if (own === undefined || !own.checkPrivateKey(key)) throw new Error('the key is not that of the certificate')
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  const { CN } = own.toLegacyObject().subject
  const name = typeof CN === 'string' ? CN : 'vigie'
  return {
    name,
    fingerprint: createHash('sha256').update(own.raw).digest('hex'),
    sign: (pdf, { reason, place, at }) => {
      const prepared = plainAddPlaceholder({
        pdfBuffer: pdf,
        reason,
        location: place,
        name,
        contactInfo: '',
        signingTime: new Date(at),
        signatureLength: SIGNATURE_MAX_BYTES,
        // How PAdES names its signatures: ETSI EN 319 142-1, 5.3.
        subFilter: 'ETSI.CAdES.detached',
      })
      return new SignPdf().sign(prepared, new DetachedSigner(chain, pkcs8))
    },
  }
}

/** Signs bytes as PAdES wants them signed: CMS, detached, the certificate named in what is signed. */
class DetachedSigner extends Signer {
  readonly #chain: readonly X509Certificate[]
  readonly #pkcs8: Buffer

  constructor(chain: readonly X509Certificate[], pkcs8: Buffer) {
    super()
    this.#chain = chain
    this.#pkcs8 = pkcs8
  }

  override async sign(bytes: Buffer): Promise<Buffer> {
    const engine = new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto as Crypto }) // Node's is the same interface
    const certificates = this.#chain.map(({ raw }) => pkijs.Certificate.fromBER(raw))
    const [own] = certificates
    if (own === undefined) throw new Error('a signer without certificate')
    const curve = { name: 'ECDSA', namedCurve: 'P-256' }
    const key = await webcrypto.subtle.importKey('pkcs8', this.#pkcs8, curve, false, ['sign'])
    const signerInfo = new pkijs.SignerInfo({
      version: 1,
      sid: new pkijs.IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber }),
      signedAttrs: new pkijs.SignedAndUnsignedAttributes({
        type: 0,
        attributes: [
          new pkijs.Attribute({ type: OID.contentType, values: [new ObjectIdentifier({ value: OID.data })] }),
          new pkijs.Attribute({
            type: OID.messageDigest,
            values: [new OctetString({ valueHex: sha256(bytes) })],
          }),
          new pkijs.Attribute({ type: OID.signingCertificateV2, values: [essCertIdV2(this.#chain[0]?.raw)] }),
        ],
      }),
    })
    const signed = new pkijs.SignedData({
      version: 1,
      encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: OID.data }),
      signerInfos: [signerInfo],
      certificates,
    })
    await signed.sign(key as CryptoKey, 0, 'SHA-256', toArrayBuffer(bytes), engine) // the same key, by another name
    const content = new pkijs.ContentInfo({ contentType: OID.signedData, content: signed.toSchema(true) })
    return Buffer.from(content.toSchema().toBER(false))
  }
}

/** SigningCertificateV2 with SHA-256, which is the default and is therefore not named. */
const essCertIdV2 = (certificate = Buffer.alloc(0)) =>
  new Sequence({
    value: [new Sequence({ value: [new Sequence({ value: [new OctetString({ valueHex: sha256(certificate) })] })] })],
  })

const sha256 = (bytes: Uint8Array): ArrayBuffer => toArrayBuffer(createHash('sha256').update(bytes).digest())

const toArrayBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
