import Testing
import Vocabulary
import WebSocketProtocol

@Suite("The negotiation of permessage-deflate, RFC 7692 §7.1")
struct NegotiationTests {
  private static let both = "server_no_context_takeover; client_no_context_takeover"

  /// Offers, and the parameters of the answers with shared and with dedicated streams.
  private static let acceptable: [(offers: String, shared: String, dedicated: String)] = [
    ("", both, ""),
    ("server_no_context_takeover", both, "server_no_context_takeover"),
    ("client_no_context_takeover", both, "client_no_context_takeover"),
    ("client_no_context_takeover; server_no_context_takeover", both, both),
    ("server_max_window_bits=8", both + "; server_max_window_bits=8", "server_max_window_bits=8"),
    ("server_max_window_bits=9", both + "; server_max_window_bits=9", "server_max_window_bits=9"),
    (
      "server_max_window_bits=\"15\"", both + "; server_max_window_bits=15",
      "server_max_window_bits=15"
    ),
    ("client_max_window_bits", both, "client_max_window_bits=12"),
    ("client_max_window_bits=8", both, "client_max_window_bits=8"),
    ("client_max_window_bits=11", both, "client_max_window_bits=11"),
    ("client_max_window_bits=15", both, "client_max_window_bits=12"),
    (
      "client_max_window_bits; client_no_context_takeover", both, "client_no_context_takeover"
    ),
    (
      "client_max_window_bits=10; server_max_window_bits=10; server_no_context_takeover",
      both + "; server_max_window_bits=10",
      "server_no_context_takeover; server_max_window_bits=10; client_max_window_bits=10"
    ),
    // The first offer that is acceptable, behind those that are not.
    (
      "server_max_window_bits=16, server_max_window_bits=10, ",
      both + "; server_max_window_bits=10",
      "server_max_window_bits=10"
    ),
    (
      "server_max_window_bits=10, client_no_context_takeover", both + "; server_max_window_bits=10",
      "server_max_window_bits=10"
    ),
    ("x=y, client_max_window_bits=07, ", both, ""),
  ]

  private static let unacceptable = [
    "server_no_context_takeover; server_no_context_takeover",
    "client_no_context_takeover; client_no_context_takeover",
    "server_max_window_bits=10; server_max_window_bits=10",
    "client_max_window_bits; client_max_window_bits=10",
    "unknown", "server_max_window_bits=10; unknown=1", "Server_no_context_takeover",
    "server_no_context_takeover=1", "client_no_context_takeover=true",
    "server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16",
    "server_max_window_bits=0", "server_max_window_bits=010", "server_max_window_bits=09",
    "server_max_window_bits=1e1", "server_max_window_bits=+9", "server_max_window_bits=99999999",
    "client_max_window_bits=7", "client_max_window_bits=16", "client_max_window_bits=08",
    "client_max_window_bits=-8", "client_max_window_bits=x",
  ]

  /// `permessage-deflate` with each of the parameter lists, which commas separate.
  private func offers(_ lists: String) throws -> [Extension] {
    let value = lists.split(separator: ",", omittingEmptySubsequences: false).map { list in
      let list = list.drop { $0 == " " }
      return list.isEmpty ? "permessage-deflate" : "permessage-deflate; \(list)"
    }
    return try #require(Extension.parse([value.joined(separator: ", ")]))
  }

  @Test("What is accepted, and with which answer", arguments: acceptable)
  func accepted(lists: String, shared: String, dedicated: String) throws {
    let offers = try offers(lists)
    for (mode, parameters) in [(CompressionMode.shared, shared), (.dedicated, dedicated)] {
      let answer = try #require(PermessageDeflate.answer(to: offers, mode: mode))
      let expected = parameters.isEmpty ? "permessage-deflate" : "permessage-deflate; \(parameters)"
      #expect(answer.extension.fieldValue == expected)
      // The client's half takes every answer, and both understand the same.
      let understood = PermessageDeflate.parameters(answered: answer.extension, to: offers)
      var meant = answer.parameters
      if mode == .shared, let hint = understood?.clientMaxWindowBits {
        meant.clientMaxWindowBits = hint
      }
      #expect(understood == meant)
    }
    #expect(PermessageDeflate.answer(to: offers, mode: .off) == nil)
  }

  @Test("What is declined, and the next offer taken", arguments: unacceptable)
  func declined(list: String) throws {
    for mode in CompressionMode.allCases {
      #expect(try PermessageDeflate.answer(to: offers(list), mode: mode) == nil)
    }
    let second = try PermessageDeflate.answer(
      to: offers(list + ", server_max_window_bits=12"), mode: .shared)
    #expect(second?.parameters.serverMaxWindowBits == 12)
  }

  @Test("No offer, or one of another extension")
  func none() {
    #expect(PermessageDeflate.answer(to: [], mode: .shared) == nil)
    let other = [Extension(name: "x-webkit-deflate-frame")]
    #expect(PermessageDeflate.answer(to: other, mode: .shared) == nil)
  }

  @Test(
    "What a client makes of answers",
    arguments: [
      ("", "server_no_context_takeover", "server_no_context_takeover"),
      ("server_no_context_takeover", "", nil),
      ("", "client_no_context_takeover", "client_no_context_takeover"),
      ("", "server_max_window_bits=9", "server_max_window_bits=9"),
      ("server_max_window_bits=10", "server_max_window_bits=10", "server_max_window_bits=10"),
      ("server_max_window_bits=10", "server_max_window_bits=9", "server_max_window_bits=9"),
      ("server_max_window_bits=10", "server_max_window_bits=11", nil),
      ("server_max_window_bits=10", "", nil),
      ("", "client_max_window_bits=10", nil),
      ("client_max_window_bits", "client_max_window_bits=10", "client_max_window_bits=10"),
      ("client_max_window_bits", "", ""),
      ("client_max_window_bits=10", "client_max_window_bits=9", "client_max_window_bits=9"),
      ("client_max_window_bits=10", "client_max_window_bits=11", nil),
      ("client_max_window_bits=10", "", "client_max_window_bits=10"),
      ("client_max_window_bits", "client_max_window_bits", nil),
      ("", "server_max_window_bits", nil), ("", "server_max_window_bits=16", nil),
      ("", "server_no_context_takeover; server_no_context_takeover", nil), ("", "unknown", nil),
      (
        "server_max_window_bits=10, client_max_window_bits", "client_max_window_bits=9",
        "client_max_window_bits=9"
      ),
    ] as [(String, String, String?)])
  func answered(lists: String, answer: String, meaning: String?) throws {
    let parameters = try PermessageDeflate.parameters(
      answered: #require(offers(answer).first), to: offers(lists))
    #expect(parameters?.description == meaning)
  }

  @Test("What a client offers, and what holds then, by both sides' modes")
  func offer() throws {
    #expect(PermessageDeflate.offer(.off) == nil)
    let shared = try #require(PermessageDeflate.offer(.shared))
    #expect(
      shared.fieldValue == "permessage-deflate; \(Self.both); client_max_window_bits")
    let dedicated = try #require(PermessageDeflate.offer(.dedicated))
    #expect(dedicated.fieldValue == "permessage-deflate; client_max_window_bits")
    for (offer, mode, isDedicated) in [
      (shared, CompressionMode.shared, false), (shared, .dedicated, false),
      (dedicated, .shared, false), (dedicated, .dedicated, true),
    ] {
      let answer = try #require(PermessageDeflate.answer(to: [offer], mode: mode))
      let parameters = try #require(
        PermessageDeflate.parameters(answered: answer.extension, to: [offer]))
      #expect(MessageCompression.isDedicated(parameters) == isDedicated)
    }
  }

  @Test("Both opening handshakes fit together")
  func handshake() throws {
    let offer = try offers("client_max_window_bits")
    let client = ClientHandshake(host: "a", target: "/", key: pattern(16), extensions: offer)
    let request = try UpgradeRequest(head(String(decoding: client.request, as: UTF8.self)))
    for mode in CompressionMode.allCases {
      let answer = PermessageDeflate.answer(to: request.extensions, mode: mode)
      let response = try HandshakeResponse(
        to: request, extensions: answer.map { [$0.extension] } ?? [])
      #expect(try validate(response.bytes, client)?.description == answer?.parameters.description)
    }
    for wrong in [
      "permessage-deflate; server_max_window_bits=1", "permessage-deflate, permessage-deflate",
    ] {
      let response = try HandshakeResponse(
        to: request, extensions: #require(Extension.parse([wrong])))
      #expect(throws: ClientHandshake.Failure.extensionParametersInvalid) {
        try validate(response.bytes, client)
      }
    }
  }

  private func validate(
    _ response: [UInt8], _ client: ClientHandshake
  ) throws -> DeflateParameters? {
    var parser = ResponseHeadParser(maximumByteCount: 4096)
    guard case .head(let head, response.count) = parser.parse(response.span) else {
      throw Unparsed(text: String(decoding: response, as: UTF8.self))
    }
    return try client.validate(head).deflate
  }
}
