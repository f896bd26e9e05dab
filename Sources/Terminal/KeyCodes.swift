internal import CNcurses
internal import Dashboard

/// Curses' key codes as keys.
struct KeyCodes {
  /// The code under which the sequence that begins a paste arrives.
  static let pasteBegins: Int32 = 0x4001
  /// The code under which the sequence that ends a paste arrives.
  static let pasteEnds: Int32 = 0x4002

  /// The code under which the introducer of a report about the mouse arrives.
  static let mouseBegins: Int32 = 0x4003

  private let keys: [Int32: Key]

  /// The table.
  init() {
    var keys: [Int32: Key] = [
      CNcurses_key_up(): .up, CNcurses_key_down(): .down, CNcurses_key_left(): .left,
      CNcurses_key_right(): .right, CNcurses_key_home(): .home, CNcurses_key_end(): .end,
      CNcurses_key_pageUp(): .pageUp, CNcurses_key_pageDown(): .pageDown,
      CNcurses_key_insert(): .insert, CNcurses_key_delete(): .delete,
      CNcurses_key_backspace(): .backspace, CNcurses_key_enter(): .enter,
      CNcurses_key_backTab(): .backTab,
    ]
    for number in 1...24 { keys[CNcurses_key_function(Int32(number))] = .function(number) }
    self.keys = keys
  }

  /// The key of a code; nil for one that the console has no use for.
  subscript(code: Int32) -> Key? { keys[code] }
}
