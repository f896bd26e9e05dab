extension UntrustedText {
  /// Collects escaped text up to a limit.
  struct Writer {
    private static let maximumMarks = 4

    private let asciiOnly: Bool
    private let ellipsis: String
    private let limit: Int
    private var output = ""
    private var length = 0
    /// How many bytes of the output to keep if more comes than fits.
    private var kept = 0
    /// How many more combining marks the last scalar may carry.
    private var marksLeft = 0
    private(set) var isFull = false

    init(asciiOnly: Bool, limit: Int?) {
      self.asciiOnly = asciiOnly
      self.limit = max(limit ?? .max, 0)
      ellipsis = asciiOnly ? "..." : "…"
    }

    /// The collected text, cut at the limit.
    var text: String { output }

    mutating func append(_ scalar: Unicode.Scalar) {
      switch scalar {
      case "\\": appendEscape("\\\\")
      case "\n": appendEscape("\\n")
      case "\r": appendEscape("\\r")
      case "\t": appendEscape("\\t")
      case " "..."~":
        marksLeft = Self.maximumMarks
        append(String(scalar), length: 1)
      default:
        if mayShow(scalar) {
          append(String(scalar), length: 1)
        } else {
          appendEscape("\\u{\(String(scalar.value, radix: 16))}")
        }
      }
    }

    mutating func append(badByte byte: UInt8) {
      appendEscape("\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
    }

    private mutating func appendEscape(_ escape: String) {
      // A mark after an escape would change the escape's last character.
      marksLeft = 0
      append(escape, length: escape.unicodeScalars.count)
    }

    private mutating func append(_ piece: String, length pieceLength: Int) {
      guard !isFull else { return }
      guard length + pieceLength <= limit else {
        isFull = true
        output = String(Substring(output.utf8.prefix(kept)))
        output += ellipsis.unicodeScalars.count <= limit ? ellipsis : ""
        return
      }
      output += piece
      length += pieceLength
      if length <= limit - ellipsis.unicodeScalars.count { kept = output.utf8.count }
    }

    private mutating func mayShow(_ scalar: Unicode.Scalar) -> Bool {
      guard !asciiOnly, !scalar.properties.isDefaultIgnorableCodePoint else { return false }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
        .unassigned:
        return false
      case .nonspacingMark, .enclosingMark, .spacingMark:
        guard marksLeft > 0 else { return false }
        marksLeft -= 1
        return true
      default:
        marksLeft = Self.maximumMarks
        return true
      }
    }
  }
}
