/// One extension with its parameters, offered or accepted, RFC 6455 §9.1.
package struct Extension: Hashable, Sendable {
  /// A parameter, such as `server_max_window_bits=10`.
  package struct Parameter: Hashable, Sendable {
    /// The parameter's name.
    package var name: String
    /// Its value without quotes, or nil if it has none.
    package var value: String?

    /// A parameter from its parts.
    package init(name: String, value: String? = nil) {
      self.name = name
      self.value = value
    }
  }

  /// The registered name, such as `permessage-deflate`.
  package var name: String

  /// The parameters in their order; the same name may stand there twice.
  package var parameters: [Parameter]

  /// An extension from its parts.
  package init(name: String, parameters: [Parameter] = []) {
    self.name = name
    self.parameters = parameters
  }

  /// Reads the values of all Sec-WebSocket-Extensions fields; nil if one is malformed.
  ///
  ///     extension-list  = 1#extension
  ///     extension       = extension-token *( ";" extension-param )
  ///     extension-param = token [ "=" (token | quoted-string) ]
  ///
  /// A quoted value, once unquoted, must be a token too.
  package static func parse(_ values: [String]) -> [Extension]? {
    var extensions: [Extension] = []
    for value in values {
      var scanner = Scanner(value)
      repeat {
        scanner.skipWhitespace()
        // Empty elements of a list are ignored (RFC 9110 §5.6.1).
        if scanner.isAtEnd || scanner.next == UInt8(ascii: ",") { continue }
        guard let one = scanner.extension() else { return nil }
        extensions.append(one)
      } while scanner.skip(UInt8(ascii: ","))
      guard scanner.isAtEnd else { return nil }
    }
    return extensions
  }

  /// The extension as it stands in a header field.
  package var fieldValue: String {
    parameters.reduce(name) { text, parameter in
      text + "; " + parameter.name + (parameter.value.map { "=" + $0 } ?? "")
    }
  }
}

extension Extension {
  /// A position in a field value.
  private struct Scanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
      bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    var next: UInt8? { isAtEnd ? nil : bytes[position] }

    mutating func skip(_ byte: UInt8) -> Bool {
      guard next == byte else { return false }
      position += 1
      return true
    }

    mutating func skipWhitespace() {
      while let byte = next, HTTPGrammar.isOptionalWhitespace(byte) { position += 1 }
    }

    mutating func `extension`() -> Extension? {
      guard let name = token() else { return nil }
      var parameters: [Parameter] = []
      skipWhitespace()
      while skip(UInt8(ascii: ";")) {
        skipWhitespace()
        guard let name = token() else { return nil }
        skipWhitespace()
        var value: String?
        if skip(UInt8(ascii: "=")) {
          skipWhitespace()
          value = next == UInt8(ascii: "\"") ? quotedToken() : token()
          guard value != nil else { return nil }
          skipWhitespace()
        }
        parameters.append(Parameter(name: name, value: value))
      }
      return Extension(name: name, parameters: parameters)
    }

    private mutating func token() -> String? {
      let start = position
      while let byte = next, HTTPGrammar.isTokenByte(byte) { position += 1 }
      return start == position ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quotedToken() -> String? {
      var unquoted: [UInt8] = []
      guard skip(UInt8(ascii: "\"")) else { return nil }
      while let byte = next {
        position += 1
        if byte == UInt8(ascii: "\"") {
          return unquoted.isEmpty ? nil : String(decoding: unquoted, as: UTF8.self)
        }
        var literal = byte
        if byte == UInt8(ascii: "\\") {
          guard let escaped = next else { return nil }
          position += 1
          literal = escaped
        }
        guard HTTPGrammar.isTokenByte(literal) else { return nil }
        unquoted.append(literal)
      }
      return nil
    }
  }
}
