package import Vocabulary

/// The negotiation of permessage-deflate, RFC 7692 §5 and §7.1: a server's answer to offers, and a
/// client's check of the answer.
package enum PermessageDeflate {
  /// The extension's registered name.
  package static let name = "permessage-deflate"

  /// The window of streams that a session has to itself: 4 KiB hold the last messages of most
  /// services, and compress JSON within a tenth of what 32 KiB do at a sixth of the memory.
  package static let dedicatedWindowBits = 12

  /// A client's offer; nil for `off`.
  ///
  /// With `shared` it asks for messages that refer to nothing before them in either direction, so
  /// that it needs no streams for each connection.
  package static func offer(_ mode: CompressionMode) -> Extension? {
    guard mode != .off else { return nil }
    var terms = DeflateTerms()
    terms.serverNoContextTakeover = mode == .shared
    terms.clientNoContextTakeover = mode == .shared
    terms.clientMaxWindowBits = .withoutValue
    return terms.extension
  }

  /// A server's answer, and the parameters from then on.
  package struct Answer: Hashable, Sendable {
    /// The extension for the response's header.
    package let `extension`: Extension
    /// The parameters that it stands for.
    package let parameters: DeflateParameters
  }

  /// The answer to the first offer that can be accepted; nil: the connection goes without.
  ///
  ///     offered                        shared               dedicated
  ///     nothing                        snct; cnct           –
  ///     server_no_context_takeover     snct; cnct           snct
  ///     client_no_context_takeover     snct; cnct           cnct
  ///     server_max_window_bits=N       snct; cnct; smwb=N   smwb=N
  ///     client_max_window_bits         snct; cnct           cmwb=12, without cnct
  ///     client_max_window_bits=N       snct; cnct           cmwb=min(N, 12), without cnct
  ///     a parameter twice              declined: the next offer is looked at
  ///     an unknown parameter           declined
  ///     …_takeover=VALUE               declined
  ///     server_max_window_bits         declined
  ///     …=N, N not 8…15, or 0N         declined
  ///
  /// snct, cnct, smwb, cmwb stand for the four names; N is 8…15. A server may demand
  /// `client_no_context_takeover` unasked (§7.1.1.2), which lets all sessions share one inflater.
  /// It may name `client_max_window_bits` only if the client did (§7.1.2.2), and does where the
  /// window is a session's own; a shared one fits every client.
  ///
  /// A window of 2^8 is agreed to, too, although zlib cannot deflate with one (it would take 2^9
  /// unasked): compressing is for the sender to decide for each message (§6), and to such a client
  /// nothing is compressed, while its own messages are inflated.
  package static func answer(to offers: [Extension], mode: CompressionMode) -> Answer? {
    guard mode != .off else { return nil }
    for offer in offers where offer.name == name {
      guard let offered = DeflateTerms(offer) else { continue }
      var answered = DeflateTerms()
      answered.serverNoContextTakeover = offered.serverNoContextTakeover || mode == .shared
      answered.clientNoContextTakeover = offered.clientNoContextTakeover || mode == .shared
      answered.serverMaxWindowBits = offered.serverMaxWindowBits
      if !answered.clientNoContextTakeover {
        switch offered.clientMaxWindowBits {
        case .absent: break
        case .withoutValue: answered.clientMaxWindowBits = .bits(dedicatedWindowBits)
        case .bits(let bits): answered.clientMaxWindowBits = .bits(min(bits, dedicatedWindowBits))
        }
      }
      return Answer(extension: answered.extension, parameters: DeflateParameters(answered))
    }
    return nil
  }

  /// The parameters of a server's answer to a client's offers; nil if it is none that a server may
  /// give: then the client fails the connection (§7.1).
  ///
  ///     offered                     answered                        means
  ///     anything                    malformed as above              nil
  ///     no server_no_context_…      server_no_context_takeover      accepted
  ///     server_no_context_takeover  without it                      nil
  ///     anything                    client_no_context_takeover      accepted
  ///     no server_max_window_bits   server_max_window_bits=N        accepted
  ///     server_max_window_bits=M    N ≤ M                           accepted
  ///     server_max_window_bits=M    N > M, or without it            nil
  ///     no client_max_window_bits   client_max_window_bits=N        nil
  ///     client_max_window_bits      N, or without it                accepted
  ///     client_max_window_bits=M    N ≤ M, or without it            accepted; without it, M holds
  ///     client_max_window_bits=M    N > M                           nil
  ///     client_max_window_bits…     without a value                 nil
  ///
  /// The answer does not say which of several offers it accepts: it has to fit one of them.
  package static func parameters(
    answered: Extension, to offers: [Extension]
  ) -> DeflateParameters? {
    guard answered.name == name, let answer = DeflateTerms(answered),
      answer.clientMaxWindowBits != .withoutValue
    else { return nil }
    for offer in offers where offer.name == name {
      guard let offered = DeflateTerms(offer) else { continue }
      if let parameters = parameters(answer, to: offered) { return parameters }
    }
    return nil
  }

  private static func parameters(
    _ answer: DeflateTerms, to offer: DeflateTerms
  ) -> DeflateParameters? {
    guard answer.serverNoContextTakeover || !offer.serverNoContextTakeover else { return nil }
    if case .bits(let offered) = offer.serverMaxWindowBits {
      guard case .bits(let bits) = answer.serverMaxWindowBits, bits <= offered else { return nil }
    }
    var parameters = DeflateParameters(answer)
    switch (offer.clientMaxWindowBits, answer.clientMaxWindowBits) {
    case (.absent, .bits): return nil
    case (.bits(let offered), .bits(let bits)) where bits > offered: return nil
    case (.bits(let offered), .absent): parameters.clientMaxWindowBits = offered
    default: break
    }
    return parameters
  }
}

extension DeflateParameters {
  /// The parameters of an answer's terms.
  fileprivate init(_ answered: DeflateTerms) {
    self.init(
      serverNoContextTakeover: answered.serverNoContextTakeover,
      clientNoContextTakeover: answered.clientNoContextTakeover)
    if case .bits(let bits) = answered.serverMaxWindowBits { serverMaxWindowBits = bits }
    if case .bits(let bits) = answered.clientMaxWindowBits { clientMaxWindowBits = bits }
  }
}
