import ControlProtocol
import Dashboard
import Glibc
import Vocabulary

/// Tapped messages as text.
enum TapText {
  /// The lines of one message: with `isHex` on a terminal, its bytes follow.
  static func lines(
    of message: TapMessage, isHex: Bool, namesSession: Bool, forTerminal: Bool
  ) -> String {
    guard forTerminal else {
      let values = [
        String(message.at), message.session.description, message.direction.rawValue,
        message.kind.rawValue, String(message.bytes),
        message.compressedBytes.map(String.init) ?? "",
        message.code.map { String($0.rawValue) } ?? "",
        isHex ? HexBytes.text(message.payload) : payload(of: message),
      ]
      return values.joined(separator: "\t") + "\n"
    }
    var words = [time(message.at)]
    if namesSession { words.append(message.session.description) }
    words.append(message.direction == .in ? "in " : "out")
    words.append(padded(message.kind.rawValue, to: 6))
    words.append(padded(size(of: message), to: 9))
    if let code = message.code { words.append(String(code.rawValue)) }
    if !isHex { words.append(payload(of: message)) }
    let line = words.joined(separator: "  ").trimmedAtEnd + "\n"
    guard isHex else { return line }
    return line + HexDump.lines(message.payload).map { "    \($0)\n" }.joined()
  }

  /// The payload in one line, with an ellipsis if it is truncated.
  private static func payload(of message: TapMessage) -> String {
    let payload = message.payload
    let text = UntrustedText.escaped(bytes: payload)
    return message.bytes > payload.count ? text + "…" : text
  }

  private static func size(of message: TapMessage) -> String {
    QuantityText.readableBytes(message.bytes)
      + (message.compressedBytes.map { " (\(QuantityText.readableBytes($0)))" } ?? "")
  }

  private static func padded(_ text: String, to columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - text.count))
  }

  /// The local time of day, to the millisecond.
  private static func time(_ secondsSince1970: Double) -> String {
    var seconds = time_t(exactly: secondsSince1970.rounded(.down)) ?? 0
    var parts = tm()
    localtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%H:%M:%S", &parts)
    let clock = String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    let thousandths = Int(((secondsSince1970 - secondsSince1970.rounded(.down)) * 1000))
    return clock + "." + String(1000 + thousandths % 1000).dropFirst()
  }
}
