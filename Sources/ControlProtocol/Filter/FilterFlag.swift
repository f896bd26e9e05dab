/// The flags of a filter.
public enum FilterFlag: String, CaseIterable, Hashable, Sendable {
  case tls, compressed, tapped, throttled
}
