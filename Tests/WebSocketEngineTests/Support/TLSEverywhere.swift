import Glibc
import TestCertificates
import Testing

@testable import WebSocketEngine

/// Runs every test over TLS, if `WSTOP_TESTS_OVER_TLS` is in the environment.
enum TLSEverywhere {
  /// Certificates and the settings with them.
  final class Certificates: Sendable {
    let settings: TLSSettings
    private let directory: TestCertificates

    fileprivate init() throws {
      directory = try TestCertificates()
      let pair = try directory.make()
      settings = TLSSettings(certificate: pair.certificate, privateKey: pair.privateKey)
    }
  }

  private static let made = Result { try Certificates() }

  static let isOn = getenv("WSTOP_TESTS_OVER_TLS") != nil

  /// What all servers show; nil if they speak in the clear.
  static var certificates: Certificates? {
    get throws { isOn ? try made.get() : nil }
  }
}

extension Trait where Self == ConditionTrait {
  /// The test looks at the bytes on the wire, or writes them itself.
  static var inTheClear: Self { .disabled(if: TLSEverywhere.isOn) }
}
