/// The help, made from the table of keys.
enum HelpText {
  /// The keys of a context first, then those of all others.
  static func lines(for context: KeyContext, _ keys: KeyMap = .standard) -> [StyledText] {
    var lines: [StyledText] = []
    let own = keys.bindings(in: context)
    append(own, to: &lines, in: nil)
    for other in KeyContext.allCases where other != context {
      let rest = keys.bindings(in: other).filter {
        !$0.contexts.contains(context)
          && $0.contexts.first(where: isBefore(other, after: context)) == nil
      }
      guard !rest.isEmpty else { continue }
      lines.append(StyledText())
      lines.append(StyledText(other.title, .heading))
      append(rest, to: &lines, in: other)
    }
    return lines
  }

  /// Whether a context comes before another one in the help, so that each key is listed once.
  private static func isBefore(_ other: KeyContext, after context: KeyContext) -> (KeyContext) ->
    Bool
  {
    { candidate in
      let all = KeyContext.allCases
      guard candidate != context, let left = all.firstIndex(of: candidate),
        let right = all.firstIndex(of: other)
      else { return false }
      return left < right
    }
  }

  private static func append(
    _ bindings: [KeyBinding], to lines: inout [StyledText], in context: KeyContext?
  ) {
    for binding in bindings {
      let keys = binding.keys.map(\.label).joined(separator: " ")
      lines.append(
        StyledText(DisplayWidth.padded(keys, to: 16), .key).with(" " + binding.help))
    }
  }
}
