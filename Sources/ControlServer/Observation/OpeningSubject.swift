internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// A session that is being opened, on its reactor's thread, as the subject of a filter: its
/// profile, and no numbers.
///
/// Only a tap asks, whose role may see everything.
struct OpeningSubject: SessionFieldSubject {
  let profile: ShownProfile
  let flags: SessionFlags

  init(profile: SessionProfile, flags: SessionFlags) {
    self.profile = ShownProfile(profile, redaction: .off)
    self.flags = flags
  }

  var id: SessionID { profile.id }
  var state: SessionState { .open }
  var ipAddress: IPAddress? { IPAddress(profile.remoteAddress) }

  func hasText(_ field: SessionField, where test: (Span<UInt8>) -> Bool) -> Bool? {
    profile.hasText(field, where: test)
  }

  func number(_ field: SessionField, now: Double) -> SessionNumber {
    field == .port ? .whole(profile.remotePort) : .unknown
  }

  func flag(_ field: SessionField) -> Bool { flags.has(field) }
}

extension SessionFlags {
  /// Whether the flag of a field is set.
  func has(_ field: SessionField) -> Bool {
    switch field {
    case .tls: contains(.tls)
    case .compressed: contains(.compressed)
    case .tapped: contains(.tapped)
    case .throttled: contains(.throttled)
    default: false
    }
  }
}
