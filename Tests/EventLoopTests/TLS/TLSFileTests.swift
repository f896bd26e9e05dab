import Foundation
import TestCertificates
import Testing

@testable import EventLoop

@Suite("Files of certificates and keys")
struct TLSFileTests {
  /// What is wrong with settings, as it is told.
  private func failure(_ settings: TLSSettings) -> String? {
    do throws(TLSError) {
      _ = try TLSContext.server(settings)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("A file that is missing, empty or no PEM is named, with what is wrong")
  func unusable() throws {
    let directory = try TestCertificates()
    let good = try directory.make()
    let empty = try directory.write("", to: "empty.pem")
    let broken = try directory.write(
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", to: "broken.pem")
    let missing = directory.path("missing.pem")
    let key = good.privateKey
    #expect(
      failure(TLSSettings(certificate: missing, privateKey: key))
        == "\(missing): No such file or directory")
    #expect(
      failure(TLSSettings(certificate: empty, privateKey: key))
        == "\(empty): there is no certificate in it; wants PEM")
    #expect(
      failure(TLSSettings(certificate: broken, privateKey: key))?
        .hasPrefix("\(broken): the certificate is malformed: ") == true)
    #expect(
      failure(TLSSettings(certificate: good.certificate, privateKey: missing))
        == "\(missing): No such file or directory")
    #expect(
      failure(TLSSettings(certificate: good.certificate, privateKey: empty))
        == "\(empty): there is no private key in it; wants PEM")
    #expect(
      failure(TLSSettings(certificate: good.certificate, privateKey: good.certificate))
        == "\(good.certificate): there is no private key in it; wants PEM")
    #expect(failure(TLSSettings(certificates: [])) == "TLS: there is no certificate")
  }

  @Test("A second certificate in a file that is broken is not passed over")
  func brokenChain() throws {
    let directory = try TestCertificates()
    let good = try directory.make()
    let text = try String(contentsOfFile: good.certificate, encoding: .utf8)
    let both = try directory.write(
      text + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", to: "both.pem")
    #expect(
      failure(TLSSettings(certificate: both, privateKey: good.privateKey))?
        .hasPrefix("\(both): the certificate is malformed") == true)
  }

  @Test("A key of another certificate, an encrypted and a weak one are refused")
  func wrongKeys() throws {
    let directory = try TestCertificates()
    let one = try directory.make(.init("one"))
    let two = try directory.make(.init("two"))
    #expect(
      failure(TLSSettings(certificate: one.certificate, privateKey: two.privateKey))
        == "\(two.privateKey): the key does not belong to the certificate in \(one.certificate)")
    let locked = try directory.make(.init("locked"), passphrase: "secret")
    #expect(
      failure(TLSSettings(certificate: locked.certificate, privateKey: locked.privateKey))
        == "\(locked.privateKey): the private key is encrypted; wants one without a passphrase")
    let weak = try directory.make(TestCertificates.Plan("weak").with { $0.key = .rsa(bits: 1024) })
    let sentence = "\(weak.certificate): ee key too small"
    #expect(failure(TLSSettings(certificates: [weak.files])) == sentence)
    #expect(failure(TLSSettings(certificates: [one.files, weak.files])) == sentence)
  }

  @Test("A file of authorities that has none is refused")
  func authorities() throws {
    let directory = try TestCertificates()
    let good = try directory.make()
    let empty = try directory.write("nothing", to: "empty.pem")
    #expect(
      failure(
        TLSSettings(certificates: [good.files], clientCertificates: .required(authorities: empty)))
        == "\(empty): there is no certificate in it; wants PEM")
    let missing = directory.path("missing.pem")
    #expect(
      failure(
        TLSSettings(
          certificates: [good.files], clientCertificates: .optional(authorities: missing)))
        == "\(missing): No such file or directory")
  }

  @Test("A certificate that has expired, or will, or is not valid yet, is used and warned of")
  func warnings() throws {
    let directory = try TestCertificates()
    let plan = TestCertificates.Plan()
    let good = try directory.make(plan, file: "good")
    let old = try directory.make(plan.with { $0.ends = -60 }, file: "old")
    let ending = try directory.make(plan.with { $0.ends = 3 * 86_400 + 600 }, file: "ending")
    let early = try directory.make(plan.with { $0.begins = 600 }, file: "early")
    let context = try TLSContext.server(
      TLSSettings(certificates: [good.files, old.files, ending.files, early.files]))
    #expect(
      context.warnings == [
        "\(old.certificate): the certificate has expired; clients will refuse it",
        "\(ending.certificate): the certificate expires in 3 days",
        "\(early.certificate): the certificate is not valid yet; clients will refuse it",
      ])
    #expect(context.certificateCount == 4)
  }
}
