/// A request about an upstream: the body of `POST /v1/upstreams/drain` and
/// `/v1/upstreams/resume`.
public struct UpstreamSelection: Codable, Equatable, Sendable {
  /// The most bytes of a name or of a route's pattern.
  public static let maximumByteCount = 2048

  /// The engine's run; if it is another one, nothing is done (409).
  public var engine: String?
  /// The upstream's name, as it stands in the list of its route.
  public var name: String
  /// The pattern of its route; nil: every route that has an upstream of the name.
  public var route: String?

  /// A request about the upstreams of a name.
  public init(engine: String? = nil, name: String, route: String? = nil) {
    self.engine = engine
    self.name = name
    self.route = route
  }

  /// The request, if its texts can be those of an upstream.
  public func checked() throws(ControlError) -> UpstreamSelection {
    guard !name.isEmpty else {
      throw ControlError(
        code: "invalid-name",
        message: "name is empty; it wants an upstream's, as GET /v1/upstreams has it")
    }
    for (field, text) in [("name", name), ("route", route ?? "")]
    where text.utf8.count > Self.maximumByteCount {
      throw ControlError(
        code: "invalid-\(field)",
        message: "\(field) has \(text.utf8.count) bytes; the most is \(Self.maximumByteCount)")
    }
    return self
  }
}
