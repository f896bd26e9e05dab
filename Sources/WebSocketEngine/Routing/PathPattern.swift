import Vocabulary

/// A route's pattern, taken apart: `/ws/chat/{room}`, `/files/{rest:path}`, `/app/*`.
///
/// It is a class, because asking a thousand of them in turn would copy a thousand structs.
final class PathPattern: Sendable {
  /// One segment of a pattern.
  enum Segment: Sendable {
    /// Text, decoded, which a segment of the path must be equal to.
    case literal(UTF8Name)
    /// A parameter, which any segment is that its converter takes; nil for a parameter that takes
    /// all.
    case parameter(name: String, converterName: String, PathConverter?)
    /// The rest of the path, slashes and all; the last segment.
    case rest(name: String)
    /// The rest of the path, slashes and all, which may be empty and is not decoded: `*`, the last
    /// segment.
    case wildcard
  }

  /// The most segments that a pattern may have, and a path that is matched segment by segment.
  static let maximumSegmentCount = 256

  /// The pattern as it was written.
  let text: String
  /// Its segments: at least one, which for `/` is an empty literal.
  let segments: [Segment]
  /// The segments that are text, last first: paths mostly begin alike and differ later.
  private let literals: [(index: Int, text: UTF8Name)]
  /// The places of the parameters.
  private let parameterIndices: [Int]
  /// Whether the last segment takes the rest of the path.
  private let takesRest: Bool
  /// Whether the last segment is `*`.
  private let endsWithWildcard: Bool

  /// Takes a pattern apart.
  init(_ text: String, converters: [String: PathConverter]) throws(RouteError) {
    guard text.utf8.first == UInt8(ascii: "/") else { throw .missingSlash(pattern: text) }
    let parts = text.utf8.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count <= Self.maximumSegmentCount else { throw .tooManySegments(pattern: text) }
    var segments: [Segment] = []
    var names: Set<String> = []
    for part in parts {
      if part.isEmpty, segments.count < parts.count - 1 { throw .emptySegment(pattern: text) }
      let segment = try Self.segment(String(Substring(part)), pattern: text, converters: converters)
      switch segment {
      case .literal: break
      case .parameter(let name, _, _):
        guard names.insert(name).inserted else { throw .repeatedParameter(name, pattern: text) }
      case .rest(let name):
        guard names.insert(name).inserted else { throw .repeatedParameter(name, pattern: text) }
        guard segments.count == parts.count - 1 else { throw .restNotLast(name, pattern: text) }
      case .wildcard:
        guard segments.count == parts.count - 1 else {
          throw .misplacedWildcard("*", pattern: text)
        }
      }
      segments.append(segment)
    }
    self.text = text
    self.segments = segments
    literals = segments.indices.reversed().compactMap { index in
      if case .literal(let text) = segments[index] { (index, text) } else { nil }
    }
    parameterIndices = segments.indices.filter { index in
      switch segments[index] {
      case .literal, .wildcard: false
      case .parameter, .rest: true
      }
    }
    takesRest = if case .rest? = segments.last { true } else { false }
    endsWithWildcard = if case .wildcard? = segments.last { true } else { false }
  }

  private static func segment(
    _ part: String, pattern: String, converters: [String: PathConverter]
  ) throws(RouteError) -> Segment {
    guard part.utf8.first == UInt8(ascii: "{"), part.utf8.last == UInt8(ascii: "}") else {
      if part.utf8.contains(UInt8(ascii: "*")) {
        guard part.utf8.count == 1 else { throw .misplacedWildcard(part, pattern: pattern) }
        return .wildcard
      }
      guard part.utf8.allSatisfy(isLiteralByte) else {
        throw .malformedSegment(part, pattern: pattern)
      }
      return .literal(UTF8Name(part))
    }
    let inner = part.dropFirst().dropLast()
    let fields = inner.utf8
      .split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
    let name = fields.first ?? ""
    guard isName(name) else { throw .invalidParameterName(name, pattern: pattern) }
    guard fields.count == 2 else { return .parameter(name: name, converterName: "", nil) }
    let converterName = fields[1]
    if converterName == restConverterName { return .rest(name: name) }
    guard let converter = converters[converterName] else {
      throw .unknownConverter(converterName, pattern: pattern)
    }
    return .parameter(name: name, converterName: converterName, converter)
  }

  /// The name that makes a parameter take the rest of the path.
  static let restConverterName = "path"

  /// Whether a text is a letter or `_`, followed by letters, digits and `_`, and `-` if asked.
  static func isName(_ text: String, allowingHyphen: Bool = false) -> Bool {
    var isFirst = true
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        break
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if isFirst { return false }
      case UInt8(ascii: "-"):
        if isFirst || !allowingHyphen { return false }
      default:
        return false
      }
      isFirst = false
    }
    return !isFirst
  }

  /// A byte that text in a pattern may have.
  ///
  /// Braces would look like a parameter; `%` like text that is not decoded; `?` and `#` end a path.
  private static func isLiteralByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x7F, UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "%"),
      UInt8(ascii: "?"), UInt8(ascii: "#"):
      false
    default: true
    }
  }
}

extension PathPattern {
  /// The shape that patterns share which take exactly the same paths, whatever their names.
  var shape: [UTF8Name] {
    segments.map { segment in
      switch segment {
      case .literal(let text): UTF8Name("=" + text.text)
      case .parameter(_, let converterName, _): UTF8Name(":" + converterName)
      case .rest: "/"
      case .wildcard: "*"
      }
    }
  }

  /// Whether this pattern is asked before another: the more exact one is, at the first segment
  /// where one is more exact.
  func precedes(_ other: PathPattern) -> Bool {
    for index in 0..<max(segments.count, other.segments.count) {
      let (own, others) = (exactness(at: index), other.exactness(at: index))
      guard own == others else { return own > others }
    }
    return false
  }

  /// Text is more exact than a parameter, which is more exact than `*`; the end of a pattern counts
  /// as a parameter.
  private func exactness(at index: Int) -> Int {
    guard index < segments.count else { return 1 }
    return switch segments[index] {
    case .literal: 2
    case .parameter, .rest: 1
    case .wildcard: 0
    }
  }

  /// The outcome of matching a path.
  enum Outcome {
    /// The path is the pattern's, with these parameters.
    case matched(PathParameters)
    /// The path would be the pattern's, but for a parameter that its converter refuses.
    case refusedByConverter
    /// The path is not the pattern's.
    case different
  }

  /// Matches a path.
  func match(_ path: SplitPath) -> Outcome {
    guard fits(path) else { return .different }
    var parameters: [PathParameters.Parameter] = []
    for index in parameterIndices {
      switch segments[index] {
      case .literal, .wildcard: continue
      case .parameter(let name, _, let converter):
        let text = path.segments[index]
        var value: any Sendable = text
        if let converter {
          guard let converted = converter.convert(text) else { return .refusedByConverter }
          value = converted
        }
        parameters.append(PathParameters.Parameter(name: name, text: text, value: value))
      case .rest(let name):
        let text = path.segments[index...].joined(separator: "/")
        parameters.append(PathParameters.Parameter(name: name, text: text, value: text))
      }
    }
    return .matched(PathParameters(parameters))
  }

  /// Whether text stands where it must, and no parameter is empty.
  private func fits(_ path: SplitPath) -> Bool {
    guard hasLength(of: path) else { return false }
    for literal in literals {
      guard UTF8Name(path.segments[literal.index]) == literal.text else { return false }
    }
    // An empty segment at the beginning of the rest would make it look like an absolute path.
    guard parameterIndices.allSatisfy({ !path.segments[$0].isEmpty }) else { return false }
    return !endsWithWildcard || !path.hasParentSegment(behind: segments.count - 1)
  }

  /// Whether each segment of the pattern has one of the path, and no more are left than may be.
  private func hasLength(of path: SplitPath) -> Bool {
    if endsWithWildcard {
      // What `*` takes begins behind a slash, and need not be decoded.
      return path.segments.count >= segments.count
        || path.end != nil && path.segments.count == segments.count - 1
    }
    guard path.end == nil else { return false }
    return path.segments.count == segments.count
      || takesRest && path.segments.count > segments.count
  }
}
