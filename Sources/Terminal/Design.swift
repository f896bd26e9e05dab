internal import CNcurses
internal import Dashboard

/// A pair of colours by curses' numbers; -1 is the terminal's own.
struct Colours: Hashable {
  var foreground: Int32
  var background: Int32 = -1
}

/// The drawing of a style in a theme: one table a theme.
struct Design {
  /// Curses' attribute bits.
  var attributes: UInt32 = 0
  /// The colours; nil: the terminal's own.
  var colours: Colours?

  /// The design of a style on a terminal with at least eight colours.
  init(_ style: Style, _ theme: Theme, colourCount: Int32) {
    switch theme {
    case .dark: self = Self.dark(style)
    case .light: self = Self.light(style, colourCount: colourCount)
    case .contrast: self = Self.contrast(style, isBright: colourCount >= 16)
    case .mono: attributes = Self.plain(style)
    }
  }

  private init(_ foreground: Int32, on background: Int32 = -1, as attributes: UInt32 = 0) {
    colours = Colours(foreground: foreground, background: background)
    self.attributes = attributes
  }

  private init(attributes: UInt32) {
    self.attributes = attributes
  }

  /// The attributes of a style without colours.
  static func plain(_ style: Style) -> UInt32 {
    switch style {
    case .normal, .dialog, .dim, .accent, .live: 0
    case .title, .activeTab, .marked, .warning, .key: CNcurses_bold()
    case .heading, .field: CNcurses_underline()
    case .selection, .button: CNcurses_reverse()
    case .danger: CNcurses_bold() | CNcurses_reverse()
    }
  }

  private enum Colour {
    static let own: Int32 = -1
    static let black: Int32 = 0
    static let red: Int32 = 1
    static let green: Int32 = 2
    static let yellow: Int32 = 3
    static let blue: Int32 = 4
    static let magenta: Int32 = 5
    static let cyan: Int32 = 6
    static let white: Int32 = 7
    /// The distance from a colour to its bright form.
    static let bright: Int32 = 8
    /// The green of xterm's cube that can be read on white; the plain one cannot.
    static let darkGreen: Int32 = 22
  }

  private static func dark(_ style: Style) -> Design {
    let bold = CNcurses_bold()
    switch style {
    case .normal, .dialog: return Design(attributes: 0)
    case .title: return Design(Colour.cyan, as: bold)
    case .heading: return Design(Colour.black, on: Colour.green)
    case .activeTab: return Design(Colour.green, as: bold)
    case .selection: return Design(Colour.black, on: Colour.cyan)
    case .marked: return Design(Colour.yellow, as: bold)
    case .warning: return Design(Colour.yellow)
    case .danger: return Design(Colour.white, on: Colour.red, as: bold)
    case .dim: return Design(Colour.own, as: CNcurses_dim())
    case .accent: return Design(Colour.cyan)
    case .live: return Design(Colour.green)
    case .key: return Design(Colour.own, as: bold)
    case .field: return Design(Colour.own, as: CNcurses_underline())
    case .button: return Design(Colour.black, on: Colour.yellow)
    }
  }

  private static func light(_ style: Style, colourCount: Int32) -> Design {
    let bold = CNcurses_bold()
    switch style {
    case .normal, .dialog: return Design(attributes: 0)
    case .title: return Design(Colour.blue, as: bold)
    case .heading: return Design(Colour.white, on: Colour.blue)
    case .activeTab: return Design(Colour.blue, as: bold)
    case .selection:
      // White of eight colours is grey, and cannot be read on magenta.
      return colourCount >= 16
        ? Design(Colour.white + Colour.bright, on: Colour.magenta, as: bold)
        : Design(Colour.black, on: Colour.cyan, as: bold)
    case .marked: return Design(Colour.magenta, as: bold)
    // Yellow cannot be read on white, and neither can green.
    case .warning: return Design(Colour.red)
    case .danger: return Design(Colour.white, on: Colour.red, as: bold)
    case .dim: return Design(Colour.own, as: CNcurses_dim())
    case .accent: return Design(Colour.blue)
    case .live: return Design(colourCount >= 256 ? Colour.darkGreen : Colour.blue)
    case .key: return Design(Colour.own, as: bold)
    case .field: return Design(Colour.own, as: CNcurses_underline())
    case .button: return Design(Colour.white, on: Colour.blue, as: bold)
    }
  }

  private static func contrast(_ style: Style, isBright: Bool) -> Design {
    let bold = CNcurses_bold()
    let black = Colour.black
    func bright(_ colour: Int32) -> Int32 { isBright ? colour + Colour.bright : colour }
    let white = bright(Colour.white)
    switch style {
    case .normal, .dim, .dialog: return Design(white, on: black)
    case .title, .activeTab, .accent, .live, .key: return Design(white, on: black, as: bold)
    case .heading: return Design(black, on: white, as: bold)
    case .selection: return Design(black, on: bright(Colour.yellow), as: bold)
    case .marked: return Design(bright(Colour.cyan), on: black, as: bold | CNcurses_underline())
    case .warning: return Design(bright(Colour.yellow), on: black, as: bold)
    case .danger: return Design(white, on: Colour.red, as: bold | CNcurses_underline())
    case .field: return Design(white, on: black, as: CNcurses_underline())
    case .button: return Design(black, on: white, as: bold)
    }
  }
}
