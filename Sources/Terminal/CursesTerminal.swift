internal import CNcurses
package import Dashboard
internal import Glibc

/// The terminal: shows canvases and reads keys; the only user of curses.
///
/// There is one at a time, used on one thread. It is given back by `restore()`, by `deinit`, and by
/// the handler for crashes; only SIGKILL leaves a terminal behind that needs `reset`. Of the other
/// signals the caller takes care: it blocks `interruptions` before the terminal is opened, waits
/// for them along with input (signalfd), and calls what they say.
///
/// Every stop that lets the program go on, by a key, a shell or SIGSTOP, passes `leave()` and
/// `enter()`: no setting of one is forgotten by the other.
@safe
package final class CursesTerminal {
  /// Signals that the caller should block before opening, and wait for along with input.
  ///
  /// SIGWINCH calls for `handleResize()`, SIGTSTP for `suspend(_:)`, SIGCONT for `goOn()`; the
  /// others for `restore()` and the end of the program.
  package static let interruptions = [
    SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2,
  ]

  /// The processes that a suspension stops.
  package enum Extent {
    /// The program, as by a SIGTSTP that was sent to it.
    case program
    /// All that the shell started with it, as by ^Z.
    case processGroup
  }

  /// The characters that the terminal can show, by the codeset of the locale.
  package let repertoire: Repertoire

  private let screen: UnsafeMutableRawPointer
  private var palette: Palette
  private var usesMouse = false
  private let clipboard: ClipboardSequence
  private let keys = KeyCodes()
  private var decoder = InputDecoder()
  private var shown: Canvas?
  private var isRestored = false

  /// Milliseconds that ESC waits for the rest of a key's sequence.
  private static let escapeDelayMilliseconds: Int32 = 25
  /// Inputs decoded at once, so that a paste of any length takes little memory.
  private static let maximumInputCount = 4096
  private static let pasteOn = "\u{1B}[?2004h"
  private static let pasteOff = "\u{1B}[?2004l"
  // The mouse's buttons and wheel are reported in xterm's SGR encoding, which is asked for and
  // decoded here: curses would use the encoding that terminfo has for TERM, which for many ends at
  // column 223 and is no UTF-8.
  private static let mouseOn = "\u{1B}[?1000h\u{1B}[?1006h"
  private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1000l"

  /// Takes the terminal on the standard descriptors.
  ///
  /// - Throws: `TerminalError`, with the terminal as it was.
  package init(_ appearance: Appearance = Appearance()) throws(TerminalError) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
    let codeset = unsafe CNcurses_codeset().map { unsafe String(cString: $0) } ?? ""
    repertoire = codeset.uppercased() == "UTF-8" ? .unicode : .ascii
    let name = unsafe getenv("TERM").map { unsafe String(cString: $0) } ?? ""
    let screenSession = unsafe getenv("STY").map { unsafe String(cString: $0) } ?? ""
    clipboard =
      name.hasPrefix("screen") && !screenSession.isEmpty ? .throughGNUScreen : .plain
    var settings = termios()
    _ = unsafe tcgetattr(STDIN_FILENO, &settings)
    guard !name.isEmpty, let screen = unsafe CNcurses_start() else {
      throw .unknownTerminal(name)
    }
    unsafe self.screen = unsafe screen
    guard unsafe CNcurses_capability("cup") != nil else {
      unsafe CNcurses_end(screen)
      throw .cursorCannotMove(name)
    }
    CNcurses_configure(Self.escapeDelayMilliseconds)
    palette = Palette(appearance.theme)
    unsafe CNcurses_defineKey("\u{1B}[200~", KeyCodes.pasteBegins)
    unsafe CNcurses_defineKey("\u{1B}[201~", KeyCodes.pasteEnds)
    unsafe CNcurses_defineKey("\u{1B}[<", KeyCodes.mouseBegins)
    Self.installCrashHandler(settings)
    let size = size
    _ = CNcurses_resize(Int32(size.rows), Int32(size.columns))
    usesMouse = appearance.usesMouse
    setModes()
  }

  deinit {
    restore()
  }

  /// The size of the terminal.
  package var size: (columns: Int, rows: Int) {
    var rows: Int32 = 0
    var columns: Int32 = 0
    guard unsafe CNcurses_size(&rows, &columns) == 0, rows > 0, columns > 0 else { return (80, 24) }
    return (Int(columns), Int(rows))
  }

  /// Reads what was typed, pasted or resized since the last call, without waiting.
  ///
  /// The caller calls it until it returns nothing before it waits again: curses reads ahead, and
  /// input that it holds makes no descriptor readable.
  package func readEvents() -> [ConsoleEvent] {
    guard !isRestored else { return [] }
    while true {
      var units: [InputDecoder.Unit] = []
      var isResized = false
      var isExhausted = false
      while units.count < Self.maximumInputCount, !isExhausted {
        switch readInput() {
        case .nothing: isExhausted = true
        case .resize: isResized = true
        case .unit(let unit): units.append(unit)
        case .ignored: break
        }
      }
      let events = (isResized ? [handleResize()] : []) + decoder.events(from: units)
      if !events.isEmpty || isExhausted { return events }
    }
  }

  private enum Input {
    case nothing, ignored, resize
    case unit(InputDecoder.Unit)
  }

  private func readInput() -> Input {
    var value: UInt32 = 0
    let kind = unsafe CNcurses_readInput(&value)
    if kind == Int32(CNcurses_nothing) { return .nothing }
    if kind == Int32(CNcurses_character) {
      return Unicode.Scalar(value).map { .unit(.scalar($0)) } ?? .ignored
    }
    switch Int32(truncatingIfNeeded: value) {
    case KeyCodes.pasteBegins: return .unit(.pasteBegins)
    case KeyCodes.pasteEnds: return .unit(.pasteEnds)
    case KeyCodes.mouseBegins: return .unit(.mouseBegins)
    case CNcurses_key_resize(): return .resize
    case let code: return keys[code].map { .unit(.key($0)) } ?? .ignored
    }
  }

  /// Puts a canvas onto the terminal; only what has changed is sent.
  package func present(_ canvas: Canvas) {
    guard !isRestored else { return }
    for row in 0..<canvas.rows {
      if let shown, shown.rows == canvas.rows, shown.columns == canvas.columns,
        shown.cells(ofRow: row) == canvas.cells(ofRow: row)
      {
        continue
      }
      var column: Int32 = 0
      for cell in canvas.cells(ofRow: row) {
        put(cell, row: Int32(row), column: column)
        column += 1
      }
    }
    if let cursor = canvas.cursor {
      _ = CNcurses_showCursor(1)
      _ = CNcurses_move(Int32(cursor.row), Int32(cursor.column))
    } else {
      _ = CNcurses_showCursor(0)
    }
    _ = CNcurses_refresh()
    shown = canvas
  }

  /// Takes the terminal's new size over; the event tells the model.
  ///
  /// For SIGWINCH. The corresponding C functions are `ioctl(TIOCGWINSZ)` and `resize_term`;
  /// `resizeterm` would put another KEY_RESIZE into the input each time.
  package func handleResize() -> ConsoleEvent {
    let size = size
    if !isRestored {
      _ = CNcurses_resize(Int32(size.rows), Int32(size.columns))
      _ = CNcurses_erase()
      // The terminal's own reflow of its old lines is not known.
      redraw()
    }
    return .resize(columns: size.columns, rows: size.rows)
  }

  /// Uses the terminal with an appearance from the next canvas on.
  package func appear(_ appearance: Appearance) {
    guard !isRestored else { return }
    palette = Palette(appearance.theme)
    take(mouse: appearance.usesMouse)
    redraw()
  }

  private func take(mouse isOn: Bool) {
    guard isOn != usesMouse else { return }
    usesMouse = isOn
    Self.write(isOn ? Self.mouseOn : Self.mouseOff)
  }

  /// Sets the modes that curses knows nothing of: pasted text in brackets, and reports about the
  /// mouse.
  private func setModes() {
    Self.write(Self.pasteOn + (usesMouse ? Self.mouseOn : Self.mouseOff))
  }

  /// Gives the terminal a text for its clipboard, by OSC 52; whether it takes it is not known.
  ///
  /// Every cell is repainted afterwards, since a terminal that does not know the sequence may have
  /// printed it.
  package func copy(_ text: ClipboardText) {
    guard !isRestored else { return }
    Self.write(clipboard.sequence(for: text))
    redraw()
  }

  /// Repaints every cell with the next canvas, after something else wrote to the terminal.
  package func redraw() {
    _ = CNcurses_repaint()
    shown = nil
  }

  /// Leaves the terminal to others as it was before.
  private func leave() {
    // The rest of a paste is discarded: to a shell it would be commands.
    if decoder.isInPaste { _ = CNcurses_discardInput() }
    Self.write(Self.mouseOff + Self.pasteOff)
    _ = CNcurses_leave()
  }

  /// Takes the terminal again, whatever others did to it meanwhile, and repaints it.
  ///
  /// Until it is in the foreground again the system stops the program.
  private func enter() -> ConsoleEvent {
    _ = CNcurses_enter()
    setModes()
    // Input is discarded, since a paste that came before the modes were set has no brackets, and
    // would press keys.
    _ = CNcurses_discardInput()
    decoder = InputDecoder()
    return handleResize()
  }

  /// Gives the terminal to the shell and stops; returns when the shell continues the program, with
  /// the terminal taken again.
  package func suspend(_ extent: Extent) -> ConsoleEvent {
    guard !isRestored else { return handleResize() }
    leave()
    CNcurses_stop(extent == .processGroup ? 1 : 0)
    return enter()
  }

  /// Takes the terminal again after SIGCONT: the stop, as by SIGSTOP, may have left no time to give
  /// the terminal back.
  package func goOn() -> ConsoleEvent {
    guard !isRestored else { return handleResize() }
    CNcurses_awaitForeground()
    leave()
    return enter()
  }

  /// Gives the terminal back as it was; more than once is harmless.
  package func restore() {
    guard !isRestored else { return }
    leave()
    isRestored = true
    unsafe CNcurses_end(screen)
    CNcurses_removeCrashHandler()
  }

  private func put(_ cell: Cell, row: Int32, column: Int32) {
    guard cell.width > 0 else { return }
    let look = palette[cell.style]
    var characters = cell.text.unicodeScalars.prefix(4).map { wchar_t($0.value) }
    if let first = characters.first, first > 0x7E, CNcurses_width(first) != Int32(cell.width) {
      // The C library knows another edition of Unicode: no character may shift the line.
      characters = [wchar_t(UInt8(ascii: "?"))]
      if cell.width == 2 {
        let blank = [wchar_t(UInt8(ascii: " ")), 0]
        _ = unsafe CNcurses_put(row, column + 1, blank, look.attributes, look.pair)
      }
    }
    characters.append(0)
    _ = unsafe CNcurses_put(row, column, characters, look.attributes, look.pair)
  }

  /// Prepares the bytes that the handler for crashes writes, so that it has nothing to compute.
  private static func installCrashHandler(_ settings: termios) {
    var bytes = pasteOff + mouseOff
    for name in ["sgr0", "cnorm", "rmkx", "rmcup"] {
      if let text = unsafe CNcurses_capability(name) {
        bytes += withoutPadding(unsafe String(cString: text))
      }
    }
    var saved = settings
    _ = unsafe CNcurses_installCrashHandler(bytes, bytes.utf8.count, &saved)
  }

  /// A capability without its delays, such as `$<5>`.
  private static func withoutPadding(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let dollar = rest.firstRange(of: "$<"),
      let end = rest[dollar.upperBound...].firstIndex(of: ">")
    {
      result += rest[..<dollar.lowerBound]
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    // A signal, or a terminal that is slow, may cut a long text short.
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
      }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}

@available(*, unavailable)
extension CursesTerminal: Sendable {}
