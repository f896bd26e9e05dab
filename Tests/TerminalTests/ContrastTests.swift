import CNcurses
import Dashboard
import Glibc
import Testing

@testable import Terminal

/// A colour of a terminal in the RGB space sRGB.
private struct TerminalColour {
  var parts: [Double]

  /// The colours that xterm has, by their numbers (`XTerm-col.ad`, `256colres.h`): 16 of their own,
  /// a cube of 6 × 6 × 6, and 24 greys.
  init(xterm number: Int32) {
    let named = [
      0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5, 0x7F7F7F,
      0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ]
    let number = Int(number)
    if number < named.count {
      let value = named[number]
      parts = [value >> 16, value >> 8 & 0xFF, value & 0xFF].map(Double.init)
    } else if number < 232 {
      let levels = [0.0, 95, 135, 175, 215, 255]
      let cube = number - 16
      parts = [levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6]]
    } else {
      parts = Array(repeating: Double(8 + 10 * (number - 232)), count: 3)
    }
  }

  /// The colour of dim text: xterm takes two thirds of each part.
  var dim: TerminalColour {
    var colour = self
    colour.parts = parts.map { $0 * 2 / 3 }
    return colour
  }

  /// The relative luminance, WCAG 2.2.
  var luminance: Double {
    let linear = parts.map { part in
      let share = part / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  /// How much one colour stands out from another, 1 to 21: WCAG 2.2, contrast ratio.
  func contrast(with other: TerminalColour) -> Double {
    let (lighter, darker) = (max(luminance, other.luminance), min(luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)
  }
}

@Suite("Themes can be read")
struct ContrastTests {
  /// What text has to stand out by (WCAG 2.2, success criterion 1.4.3).
  private static let wanted = 4.5

  @Test("The measure is that of WCAG: 21 for black on white, 1 for a colour on itself")
  func measure() {
    let black = TerminalColour(xterm: 0)
    let white = TerminalColour(xterm: 15)
    #expect(abs(black.contrast(with: white) - 21) < 1e-9)
    #expect(white.contrast(with: white) == 1)
    // #777777 on white is the usual example of what just does not do.
    var grey = white
    grey.parts = [119, 119, 119]
    #expect((4.47...4.49).contains(grey.contrast(with: white)))
    #expect(TerminalColour(xterm: 22).parts == [0, 95, 0])
    #expect(TerminalColour(xterm: 255).parts == [238, 238, 238])
  }

  @Test(
    "Every style of every theme stands out by 4.5 with the colours of xterm",
    arguments: Theme.allCases, [8, 16, 256] as [Int32])
  func contrast(theme: Theme, colourCount: Int32) {
    // The terminal's own colours: black on white for the light theme, as xterm is; else the reverse.
    let (own, ground) = theme == .light ? (Int32(0), Int32(15)) : (7, 0)
    for style in Style.allCases {
      let design = Design(style, theme, colourCount: colourCount)
      let colours = design.colours ?? Colours(foreground: -1)
      #expect(colours.foreground < colourCount && colours.background < colourCount)
      let text = TerminalColour(xterm: colours.foreground < 0 ? own : colours.foreground)
      let back = TerminalColour(xterm: colours.background < 0 ? ground : colours.background)
      let shown = design.attributes & CNcurses_dim() == 0 ? text : text.dim
      let ratio = shown.contrast(with: back)
      #expect(ratio >= Self.wanted, "\(theme), \(style), \(colourCount) colours: \(ratio)")
    }
  }

  @Test("The theme with high contrast stands out by 7, but for danger, and mixes in no own colour")
  func highContrast() {
    for style in Style.allCases {
      let design = Design(style, .contrast, colourCount: 16)
      let colours = design.colours ?? Colours(foreground: -1)
      guard colours.foreground >= 0, colours.background >= 0 else {
        Issue.record("\(style) has a colour of the terminal's own")
        continue
      }
      let ratio = TerminalColour(xterm: colours.foreground)
        .contrast(with: TerminalColour(xterm: colours.background))
      #expect(ratio >= (style == .danger ? 4.5 : 7), "\(style): \(ratio)")
    }
  }
}
