public import Vocabulary

/// How one session's messages are compressed.
public struct SessionCompression: Codable, Equatable, Sendable {
  /// The extension's name, `permessage-deflate`.
  public var name: String
  /// `shared`, or `dedicated` if messages refer to those before them in one direction at least.
  public var mode: String
  /// The negotiated parameters, as the header has them; empty for the defaults.
  public var parameters: String
  /// Payload bytes received for each byte that came on the connection, frame headers and control
  /// frames included; nil before the first one.
  public var ratioIn: Double?
  /// Payload bytes sent for each byte that went out on the connection, likewise.
  public var ratioOut: Double?

  /// A session's compression.
  public init(
    mode: CompressionMode, parameters: String, ratioIn: Double? = nil, ratioOut: Double? = nil
  ) {
    name = "permessage-deflate"
    self.mode = mode.rawValue
    self.parameters = parameters
    self.ratioIn = ratioIn
    self.ratioOut = ratioOut
  }
}

extension SessionCompression: CustomStringConvertible {
  /// The name, the mode and the ratios, such as `permessage-deflate, shared, in 3.2:1, out 1.0:1`.
  ///
  /// Not escaped for display: it is what the engine said.
  public var description: String {
    "\(name), \(mode), in \(Self.text(ratioIn)), out \(Self.text(ratioOut))"
  }

  /// A ratio, such as `3.2:1`; a dash for none.
  public static func text(_ ratio: Double?) -> String {
    guard let ratio, ratio.isFinite, ratio >= 0, ratio < 1e6 else { return "–" }
    let tenths = Int((ratio * 10).rounded())
    return "\(tenths / 10).\(tenths % 10):1"
  }
}
