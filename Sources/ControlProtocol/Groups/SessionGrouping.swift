internal import Vocabulary

/// The fields by which live sessions are grouped, named as the filter's keys.
public enum SessionGrouping: String, CaseIterable, Codable, Hashable, Sendable {
  /// The pattern of their route.
  case route
  /// The block of their address: /24 for IPv4, /64 for IPv6; an IPv4 address inside IPv6 is IPv4.
  case address = "addr"
  /// Their tags; a session of several tags is in several groups.
  case tag
  /// Their `User-Agent`.
  case userAgent = "ua"

  /// The longest name of a group, in bytes; longer texts are grouped by their beginnings.
  public static let maximumNameByteCount = 256

  /// The field of a session.
  public var field: SessionField {
    switch self {
    case .route: .route
    case .address: .address
    case .tag: .tag
    case .userAgent: .userAgent
    }
  }

  /// The filter for the sessions of a group.
  ///
  /// - Parameter name: the group's name; empty for the sessions that have none of the field.
  public func filter(ofGroup name: String) -> String {
    if name.isEmpty { return self == .route ? "\(field.rawValue)=\"\"" : "!\(field.rawValue)=*" }
    if self == .address, name.utf8.contains(UInt8(ascii: "/")), AddressBlock(name) != nil {
      return "\(field.rawValue)=\(name)"
    }
    let text = SessionFilter.text(field, equals: name)
    // A name that may have been cut stands for all texts that begin with it.
    return name.utf8.count > Self.maximumNameByteCount - 4 ? text.withStarInside : text
  }
}

extension String {
  /// A quoted or bare pattern with `*` at its end.
  fileprivate var withStarInside: String {
    hasSuffix("\"") ? dropLast() + "*\"" : self + "*"
  }
}
