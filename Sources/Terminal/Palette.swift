internal import CNcurses
internal import Dashboard

/// The attributes and colours of each style.
///
/// Without colours the attributes alone tell the styles apart that a person has to tell apart.
struct Palette {
  /// How a style looks.
  struct Look {
    /// Curses' attribute bits.
    var attributes: UInt32
    /// The number of the colour pair; 0 for the terminal's own colours.
    var pair: Int32
  }

  private let looks: [Look]

  /// The looks, after colours were started if the terminal has them and they are wanted.
  init(usesColour: Bool) {
    let hasColours = usesColour && CNcurses_startColors() >= 8
    var pairs: [Colours: Int32] = [:]
    looks = Style.allCases.map { style in
      let design = Self.design(of: style)
      guard hasColours, let colours = design.colours else {
        return Look(attributes: design.mono, pair: 0)
      }
      if let number = pairs[colours] { return Look(attributes: design.coloured, pair: number) }
      let number = Int32(pairs.count + 1)
      CNcurses_pair(number, colours.foreground, colours.background)
      pairs[colours] = number
      return Look(attributes: design.coloured, pair: number)
    }
  }

  /// The look of a style.
  subscript(style: Style) -> Look {
    looks[Int(style.rawValue)]
  }

  private struct Colours: Hashable {
    var foreground: Int32
    var background: Int32 = -1
  }

  private struct Design {
    var mono: UInt32
    var coloured: UInt32 = 0
    var colours: Colours?
  }

  private enum Colour {
    static let black: Int32 = 0
    static let red: Int32 = 1
    static let green: Int32 = 2
    static let yellow: Int32 = 3
    static let cyan: Int32 = 6
    static let white: Int32 = 7
  }

  private static func design(of style: Style) -> Design {
    let bold = CNcurses_bold()
    let reverse = CNcurses_reverse()
    switch style {
    case .normal, .dialog: return Design(mono: 0)
    case .title:
      return Design(
        mono: bold, coloured: bold, colours: Colours(foreground: Colour.cyan))
    case .heading:
      return Design(
        mono: CNcurses_underline(),
        colours: Colours(foreground: Colour.black, background: Colour.green))
    case .activeTab:
      return Design(mono: bold, coloured: bold, colours: Colours(foreground: Colour.green))
    case .selection:
      return Design(
        mono: reverse, colours: Colours(foreground: Colour.black, background: Colour.cyan))
    case .marked:
      return Design(mono: bold, coloured: bold, colours: Colours(foreground: Colour.yellow))
    case .warning:
      return Design(mono: bold, colours: Colours(foreground: Colour.yellow))
    case .danger:
      return Design(
        mono: bold | reverse, coloured: bold,
        colours: Colours(foreground: Colour.white, background: Colour.red))
    case .dim: return Design(mono: 0, coloured: CNcurses_dim(), colours: Colours(foreground: -1))
    case .accent: return Design(mono: 0, colours: Colours(foreground: Colour.cyan))
    case .live: return Design(mono: 0, colours: Colours(foreground: Colour.green))
    case .key:
      return Design(mono: bold, coloured: bold, colours: Colours(foreground: -1))
    case .field:
      return Design(
        mono: CNcurses_underline(), coloured: CNcurses_underline(),
        colours: Colours(foreground: -1))
    case .button:
      return Design(
        mono: reverse, colours: Colours(foreground: Colour.black, background: Colour.yellow))
    }
  }
}
