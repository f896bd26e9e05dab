/// A route that cannot be declared so; its text names the pattern and its fault.
public enum RouteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The pattern does not begin with a slash.
  case missingSlash(pattern: String)
  /// A segment other than the last is empty, or a group's prefix ends with a slash.
  case emptySegment(pattern: String)
  /// A segment mixes text and braces, or has a character that no decoded path shows.
  case malformedSegment(String, pattern: String)
  /// The name in the braces is not a letter or `_`, followed by letters, digits and `_`.
  case invalidParameterName(String, pattern: String)
  /// Two parameters have one name.
  case repeatedParameter(String, pattern: String)
  /// No converter has the name.
  case unknownConverter(String, pattern: String)
  /// A `{name:path}` is not the last segment.
  case restNotLast(String, pattern: String)
  /// A `*` is not the last segment, or not the whole of it.
  case misplacedWildcard(String, pattern: String)
  /// The pattern has more than 256 segments.
  case tooManySegments(pattern: String)
  /// Another route takes exactly the same paths.
  case duplicateRoute(pattern: String, existing: String)
  /// There are 65 535 routes already.
  case tooManyRoutes(pattern: String)
  /// A converter has that name already, or the name is not one.
  case converterNameTaken(String)
  /// The name is not a letter or `_`, followed by letters, digits, `_` and `-`.
  case invalidConverterName(String)

  /// The whole sentence.
  public var description: String {
    switch self {
    case .missingSlash(let pattern):
      "route \"\(pattern)\": a pattern begins with a slash"
    case .emptySegment(let pattern):
      "route \"\(pattern)\": only the last segment may be empty, and a prefix ends without a slash"
    case .malformedSegment(let segment, let pattern):
      "route \"\(pattern)\": \"\(segment)\" is neither text, written decoded, nor one {parameter}"
    case .invalidParameterName(let name, let pattern):
      "route \"\(pattern)\": \"\(name)\" is not a parameter's name"
    case .repeatedParameter(let name, let pattern):
      "route \"\(pattern)\": two parameters are called \"\(name)\""
    case .unknownConverter(let name, let pattern):
      "route \"\(pattern)\": no converter is called \"\(name)\""
    case .restNotLast(let name, let pattern):
      "route \"\(pattern)\": {\(name):path} takes the rest of the path, so it comes last"
    case .misplacedWildcard(let segment, let pattern):
      "route \"\(pattern)\": \"\(segment)\" has a * that is not the last segment, as in /app/*, "
        + "where it takes the rest of the path"
    case .tooManySegments(let pattern):
      "route \"\(pattern)\": more than 256 segments"
    case .duplicateRoute(let pattern, let existing):
      "route \"\(pattern)\" takes the same paths as \"\(existing)\""
    case .tooManyRoutes(let pattern):
      "route \"\(pattern)\": there are 65535 routes already"
    case .converterNameTaken(let name):
      "a converter called \"\(name)\" exists"
    case .invalidConverterName(let name):
      "\"\(name)\" is not a converter's name"
    }
  }
}
