/// JSON laid out in lines for a person: it is not decoded, and only the space between tokens
/// changes.
enum JSONLines {
  /// The text with a line for each member and element.
  ///
  /// - Parameter json: JSON that has been checked.
  static func indented(_ json: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(json.count * 2)
    var depth = 0
    var isInString = false
    var isEscaped = false
    var isEmptyList = false
    func newLine() {
      text.append(UInt8(ascii: "\n"))
      text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }
    for byte in json {
      if isInString {
        text.append(byte)
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        continue
      }
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if !isEmptyList { newLine() }
        isEmptyList = false
        text.append(byte)
        continue
      default: break
      }
      if isEmptyList { newLine() }
      isEmptyList = false
      text.append(byte)
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        isEmptyList = true
      case UInt8(ascii: ","): newLine()
      case UInt8(ascii: ":"): text.append(UInt8(ascii: " "))
      default: break
      }
    }
    return text
  }
}
