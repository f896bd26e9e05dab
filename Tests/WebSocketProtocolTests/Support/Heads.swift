import Testing
import WebSocketProtocol

/// Parses a request head as the engine does, the bytes coming in two pieces cut at `offset`.
func parse(_ bytes: [UInt8], splitAt offset: Int, limit: Int = 16384) -> RequestHeadParser.Outcome {
  var parser = RequestHeadParser(maximumByteCount: limit)
  let first = Array(bytes[..<offset])
  let outcome = parser.parse(first.span)
  return outcome == .incomplete ? parser.parse(bytes.span) : outcome
}

/// Parses a request head at once, in two pieces cut anywhere and singly; all must agree.
func parse(
  _ text: String, limit: Int = 16384, sourceLocation: SourceLocation = #_sourceLocation
) -> RequestHeadParser.Outcome {
  parse(Array(text.utf8), limit: limit, sourceLocation: sourceLocation)
}

func parse(
  _ bytes: [UInt8], limit: Int = 16384, sourceLocation: SourceLocation = #_sourceLocation
) -> RequestHeadParser.Outcome {
  let whole = parse(bytes, splitAt: bytes.count, limit: limit)
  guard bytes.count <= 1000 else { return whole }
  for offset in 0..<bytes.count where parse(bytes, splitAt: offset, limit: limit) != whole {
    Issue.record("not the same when split at \(offset)", sourceLocation: sourceLocation)
    return whole
  }
  var parser = RequestHeadParser(maximumByteCount: limit)
  for end in 0..<bytes.count {
    let piece = Array(bytes[..<end])
    let outcome = parser.parse(piece.span)
    guard outcome == .incomplete else {
      #expect(outcome == whole, "byte by byte", sourceLocation: sourceLocation)
      return whole
    }
  }
  #expect(parser.parse(bytes.span) == whole, "byte by byte", sourceLocation: sourceLocation)
  return whole
}

/// The head of a request that must parse.
func head(_ text: String) throws -> RequestHead {
  guard case .head(let head, let byteCount) = parse(text) else {
    throw Unparsed(text: text)
  }
  #expect(byteCount == text.utf8.count)
  return head
}

struct Unparsed: Error {
  let text: String
}

/// The fields of a browser's opening handshake, RFC 6455 §1.3.
let upgradeFields: [(name: String, value: String)] = [
  ("Host", "server.example.com"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
  ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Version", "13"),
]

/// An opening handshake without some fields and with others behind.
func upgradeRequest(
  method: String = "GET", target: String = "/chat", without omitted: [String] = [],
  with added: [(name: String, value: String)] = []
) -> String {
  let fields = upgradeFields.filter { !omitted.contains($0.name) } + added
  return fields.reduce("\(method) \(target) HTTP/1.1\r\n") { text, field in
    text + "\(field.name): \(field.value)\r\n"
  } + "\r\n"
}

/// Headers of fields that must be well-formed.
func headers(_ fields: (name: String, value: String)...) throws -> Headers {
  Headers(try fields.map { try #require(HeaderField(name: $0.name, value: $0.value)) })
}
