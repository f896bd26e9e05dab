internal import CNcurses
internal import Dashboard

/// The attributes and colours of each style.
///
/// Without colours (the theme `mono`, or a terminal that has none) the attributes alone distinguish
/// the styles that a person has to tell apart.
struct Palette {
  /// The attributes and colours of a style.
  struct Look {
    /// Curses' attribute bits.
    var attributes: UInt32
    /// The number of the colour pair; 0 for the terminal's own colours.
    var pair: Int32
  }

  private let looks: [Look]

  /// The looks of a theme; starts colours if the terminal has them and the theme wants them.
  init(_ theme: Theme) {
    let colourCount = theme == .mono ? 0 : CNcurses_startColors()
    var pairs: [Colours: Int32] = [:]
    looks = Style.allCases.map { style in
      guard colourCount >= 8 else { return Look(attributes: Design.plain(style), pair: 0) }
      let design = Design(style, theme, colourCount: colourCount)
      guard let colours = design.colours else {
        return Look(attributes: design.attributes, pair: 0)
      }
      if let number = pairs[colours] { return Look(attributes: design.attributes, pair: number) }
      let number = Int32(pairs.count + 1)
      CNcurses_pair(number, colours.foreground, colours.background)
      pairs[colours] = number
      return Look(attributes: design.attributes, pair: number)
    }
  }

  /// The look of a style.
  subscript(style: Style) -> Look {
    looks[Int(style.rawValue)]
  }
}
