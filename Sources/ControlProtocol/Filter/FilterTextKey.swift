/// The keys of a filter whose values are text.
public enum FilterTextKey: String, CaseIterable, Hashable, Sendable {
  case route, path, room
  case address = "addr"
  case userAgent = "ua"
  case tag
  case subprotocol
}
