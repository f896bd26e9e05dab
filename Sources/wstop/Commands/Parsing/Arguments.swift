import ArgumentParser
import ControlProtocol
import Vocabulary
import WebSocketProtocol

// Parsers of values on the command line, whose errors state the remedy in full.

extension SessionID {
  static func argument(_ text: String) throws -> SessionID {
    guard let id = SessionID(text) else {
      throw ValidationError("\"\(text)\" is no session's ID such as s-4k2")
    }
    return id
  }
}

extension SessionFilter {
  static func argument(_ text: String) throws -> SessionFilter {
    do throws(FilterError) {
      return try SessionFilter(text)
    } catch {
      throw ValidationError(error.description)
    }
  }
}

extension CloseCode {
  static func argument(_ text: String) throws -> CloseCode {
    guard let code = CloseCode(sendable: text) else {
      throw ValidationError(
        "\"\(text)\" may not be sent: the close codes are \(CloseCode.sendableText)")
    }
    return code
  }
}

extension WebSocketURL.Failure {
  /// The remedy.
  var sentence: String {
    switch self {
    case .scheme: "a URL begins with ws:// or wss://"
    case .authority: "wants HOST, HOST:PORT or [IPV6]:PORT, port 1 to 65535"
    case .target: "spaces, controls and what is not ASCII must be percent-encoded"
    case .fragment: "a WebSocket URL has no fragment (#)"
    }
  }
}

/// A column to sort by; with `-` in front, the greatest first.
struct SortArgument<Key: SortKey>: Equatable {
  var key: Key
  var isDescending: Bool?

  init(_ key: Key, isDescending: Bool? = nil) {
    self.key = key
    self.isDescending = isDescending
  }

  init(argument text: String) throws {
    let isPrefixed = text.hasPrefix("-")
    guard let key = Key(column: isPrefixed ? String(text.dropFirst()) : text) else {
      let name = isPrefixed ? String(text.dropFirst()) : text
      let nearest = NearestName.of(name, among: Key.sortable.map(\.rawValue))
      throw ValidationError(
        "\"\(text)\" is no column to sort by"
          + (nearest.map { "; the nearest is \($0)" } ?? ": they are \(Key.names)")
          + ", with - for the greatest first")
    }
    self.key = key
    isDescending = isPrefixed ? true : nil
  }
}

/// Runs a check of the control protocol on an argument; its error is one of usage.
func validating<Value>(_ check: () throws(ControlError) -> Value) throws -> Value {
  do {
    return try check()
  } catch {
    throw ValidationError(
      (error.error.column.map { "column \($0): " } ?? "") + error.error.message)
  }
}
