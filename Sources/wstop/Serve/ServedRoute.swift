import ArgumentParser
import Vocabulary
import WebSocketEngine
import WebSocketProtocol

/// A route of `--route PATH=TARGET`: a path, and a built-in handler or upstreams.
struct ServedRoute {
  /// The target of a route.
  enum Target {
    case handler(BuiltInHandler)
    case upstreams([UpstreamURL])
  }

  let pattern: String
  let target: Target

  /// The limits that suit it, which hold unless others are set.
  var limits: [String] {
    switch target {
    case .handler(let handler): handler.limits
    case .upstreams: []
    }
  }

  /// The routes if none is given.
  static let defaults = BuiltInHandler.defaultRoutes.map {
    ServedRoute(pattern: $0.pattern, target: .handler($0.handler))
  }

  init(pattern: String, target: Target) {
    self.pattern = pattern
    self.target = target
  }

  /// Reads `PATH=HANDLER` or `PATH=URL[,URL…]`.
  ///
  /// The path ends at the last `=` in front of a handler's name, and at the first one in front of a
  /// URL, which may have one too. The path `/` of upstreams takes every path that no other route
  /// does.
  init(parsing text: String) throws {
    if let equals = text.lastIndex(of: "="),
      let handler = BuiltInHandler(rawValue: String(text[text.index(after: equals)...]))
    {
      self.init(pattern: String(text[..<equals]), target: .handler(handler))
      return
    }
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")),
      text.utf8.contains(UInt8(ascii: ":"))
    else {
      let names = BuiltInHandler.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "--route \(UntrustedText.escaped(text)): wants PATH=HANDLER, of which there are \(names); "
          + "or PATH=URL[,URL…] of upstreams, such as /app/*=ws://127.0.0.1:9000")
    }
    do throws(UpstreamURL.Failure) {
      let pattern = String(text[..<equals])
      let rest = String(text[text.utf8.index(after: equals)...])
      self.init(
        pattern: pattern == "/" ? "/*" : pattern, target: .upstreams(try UpstreamURL.list(rest)))
    } catch {
      throw ValidationError("--route: \(error)")
    }
  }
}
