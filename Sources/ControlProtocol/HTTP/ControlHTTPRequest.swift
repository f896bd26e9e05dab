/// A request of the control API in HTTP.
public struct ControlHTTPRequest: Equatable, Sendable {
  /// The method.
  public var method: ControlMethod
  /// The request target: path and query, percent-encoded.
  public var target: String
  /// The JSON body; empty if there is none.
  public var body: [UInt8]

  /// A request.
  public init(method: ControlMethod, target: String, body: [UInt8] = []) {
    self.method = method
    self.target = target
    self.body = body
  }
}
