/// The help, made from the table of keys.
enum HelpText {
  /// The keys of a place first, then those of all others.
  static func lines(for place: Place, _ keys: KeyMap = .standard) -> [StyledText] {
    var lines: [StyledText] = []
    let own = keys.bindings(at: place)
    append(own, to: &lines, at: nil)
    for other in Place.allCases where other != place {
      let rest = keys.bindings(at: other).filter {
        !$0.places.contains(place) && $0.places.first(where: isBefore(other, after: place)) == nil
      }
      guard !rest.isEmpty else { continue }
      lines.append(StyledText())
      lines.append(StyledText(other.title, .heading))
      append(rest, to: &lines, at: other)
    }
    return lines
  }

  /// Whether a place comes before another one in the help, so that each key is listed once.
  private static func isBefore(_ other: Place, after place: Place) -> (Place) -> Bool {
    { candidate in
      let all = Place.allCases
      guard candidate != place, let left = all.firstIndex(of: candidate),
        let right = all.firstIndex(of: other)
      else { return false }
      return left < right
    }
  }

  private static func append(
    _ bindings: [KeyBinding], to lines: inout [StyledText], at place: Place?
  ) {
    for binding in bindings {
      let keys = binding.keys.map(\.label).joined(separator: " ")
      lines.append(
        StyledText(DisplayWidth.padded(keys, to: 16), .key).with(" " + binding.help))
    }
  }
}
