/// The agreed parameters of permessage-deflate, RFC 7692 §7.1.
package struct DeflateParameters: Hashable, Sendable {
  /// Whether the server compresses each message without earlier messages as context.
  package var serverNoContextTakeover: Bool
  /// Whether the client compresses each message without earlier messages as context.
  package var clientNoContextTakeover: Bool
  /// The base-2 logarithm of the server's largest window, 8–15.
  package var serverMaxWindowBits: Int
  /// The base-2 logarithm of the client's largest window, 8–15.
  package var clientMaxWindowBits: Int

  /// The largest window there is, which holds without a parameter.
  package static let greatestWindowBits = 15

  /// Parameters; the defaults are those of an extension without any.
  package init(
    serverNoContextTakeover: Bool = false, clientNoContextTakeover: Bool = false,
    serverMaxWindowBits: Int = greatestWindowBits, clientMaxWindowBits: Int = greatestWindowBits
  ) {
    self.serverNoContextTakeover = serverNoContextTakeover
    self.clientNoContextTakeover = clientNoContextTakeover
    self.serverMaxWindowBits = serverMaxWindowBits
    self.clientMaxWindowBits = clientMaxWindowBits
  }

  /// Whether a side's messages may refer to its earlier ones.
  package func takesContextOver(_ sender: Role) -> Bool {
    sender == .server ? !serverNoContextTakeover : !clientNoContextTakeover
  }

  /// The base-2 logarithm of one side's largest window.
  package func windowBits(of sender: Role) -> Int {
    sender == .server ? serverMaxWindowBits : clientMaxWindowBits
  }
}

extension DeflateParameters: CustomStringConvertible {
  /// The parameters as a header field has them, without those at their defaults.
  package var description: String {
    var terms = DeflateTerms()
    terms.serverNoContextTakeover = serverNoContextTakeover
    terms.clientNoContextTakeover = clientNoContextTakeover
    if serverMaxWindowBits < Self.greatestWindowBits {
      terms.serverMaxWindowBits = .bits(serverMaxWindowBits)
    }
    if clientMaxWindowBits < Self.greatestWindowBits {
      terms.clientMaxWindowBits = .bits(clientMaxWindowBits)
    }
    return terms.parameters.map { $0.name + ($0.value.map { "=" + $0 } ?? "") }
      .joined(separator: "; ")
  }
}
