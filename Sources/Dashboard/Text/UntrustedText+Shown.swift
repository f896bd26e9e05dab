import Vocabulary

extension Repertoire {
  /// Text from the network in a form that may be drawn: escaped, in this repertoire, cut at
  /// `maximumScalars` before anything is done with it.
  package func shown(_ text: String, maximumScalars: Int = 4096) -> String {
    let scalars = text.unicodeScalars
    let cut = scalars.index(
      scalars.startIndex, offsetBy: maximumScalars, limitedBy: scalars.endIndex)
    let end = cut ?? scalars.endIndex
    let escaped = UntrustedText.escaped(String(scalars[..<end]))
    let isCut = end != scalars.endIndex
    if self == .unicode { return isCut ? escaped + "…" : escaped }
    let plain = escaped.unicodeScalars.reduce(into: "") { result, scalar in
      if scalar.isASCII {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
    return isCut ? plain + "~" : plain
  }
}
