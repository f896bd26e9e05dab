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

extension SortOrder {
  static func argument(_ text: String) throws -> SortOrder {
    do throws(UnknownColumn) {
      return try SortOrder(text)
    } catch {
      throw ValidationError("\(error.description); \(rule)")
    }
  }

  /// The help of an option that takes an order, where the table has this one by default.
  static func help(default standard: SortOrder) -> String {
    "The column to sort by, in the column's own order; \(rule). (default: \(standard.text))"
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
