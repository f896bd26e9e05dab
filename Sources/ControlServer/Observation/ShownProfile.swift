internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

/// A session's profile as it is shown: the one way on which its texts leave the engine, with their
/// secrets redacted.
struct ShownProfile {
  private let profile: SessionProfile
  private let redaction: Redaction

  /// The shown form of a profile.
  init(_ profile: SessionProfile, redaction: Redaction) {
    self.profile = profile
    self.redaction = redaction
  }

  var id: SessionID { profile.id }
  var record: Int { profile.record }
  var route: String { profile.route }
  var listener: String { profile.listener }
  var remoteAddress: String { profile.remoteAddress }
  var remotePort: Int { Int(profile.remotePort) }
  var via: String? { profile.request.via }

  /// The path.
  var path: String { redaction.path(profile.path) }

  /// The query, without its question mark; nil if there was none.
  var query: String? { profile.request.query.raw.map { redaction.query($0) } }

  /// The subprotocol that was chosen.
  var subprotocol: String? { profile.subprotocol.map { redaction.subprotocol($0) } }

  /// The client's `User-Agent`.
  var userAgent: String? {
    profile.userAgent.map { redaction.value($0, ofHeader: "User-Agent") }
  }

  /// The fields of the request, in their order.
  var headers: Headers {
    var headers = Headers()
    for field in profile.headers {
      _ = headers.append(
        name: field.name, value: redaction.value(field.value, ofHeader: field.name))
    }
    return headers
  }

  /// The same session with its secrets, for those who may see them.
  var unredacted: ShownProfile { ShownProfile(profile, redaction: .off) }

  /// Whether a text that stays as it was at the opening passes a test; nil for texts that change,
  /// which are not known here.
  func hasText(_ field: SessionField, where test: (Span<UInt8>) -> Bool) -> Bool? {
    switch field {
    case .path:
      let plain = profile.withPath { path -> Bool? in
        // Most paths have no escapes and no secrets, and are looked at where they lie.
        guard redaction.leaves(path: path), !Self.hasEscape(path) else { return nil }
        return test(path)
      }
      return (plain ?? nil) ?? SessionField.hasPath(path, where: test)
    case .address: return profile.withAddress(test) ?? false
    case .subprotocol where !redaction.isOn: return profile.withSubprotocol(test) ?? false
    case .room, .tag: return nil
    default: return text(field).map { test($0.utf8.span) } ?? false
    }
  }

  private static func hasEscape(_ path: Span<UInt8>) -> Bool {
    for index in path.indices where path[index] == UInt8(ascii: "%") { return true }
    return false
  }

  /// A text that stays as it was at the opening; nil if there is none.
  func text(_ field: SessionField) -> String? {
    switch field {
    case .id: id.description
    case .route: route
    case .path: path
    case .query: query
    case .address: remoteAddress
    case .userAgent: userAgent
    case .subprotocol: subprotocol
    default: nil
    }
  }
}
