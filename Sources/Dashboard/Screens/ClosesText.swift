import ControlProtocol
import Vocabulary

/// Which close codes came from whom, and refused handshakes.
enum ClosesText {
  private static let kinds = CloseInitiator.Kind.allCases

  /// The heading of the matrix.
  static func heading(of model: Model) -> StyledText {
    var text = "CODE  TOTAL   /S"
    if hasNames(model) { text = DisplayWidth.padded("CODE", to: 28) + "        TOTAL     /S" }
    for kind in kinds {
      text += DisplayWidth.padded(kind.rawValue, to: width(of: kind, model) + 1, right: true)
    }
    return StyledText(text, .heading)
  }

  /// A row a code, a row of sums, then the refusals.
  static func lines(of model: Model) -> [StyledText] {
    guard let statistics = model.picture.statistics else { return [] }
    var counts: [CloseCode: [CloseInitiator.Kind: Int]] = [:]
    for close in statistics.closes {
      counts[close.code, default: [:]][close.by, default: 0] &+= close.count
    }
    let rates = model.picture.closeRates
    var lines = counts.keys.sorted().map { code in
      line(
        String(code.rawValue), name: code.name ?? "", counts[code] ?? [:],
        rate: rates.perSecond(of: code), model)
    }
    if lines.isEmpty {
      lines.append(StyledText("no session has closed yet", .dim))
    } else {
      var sums: [CloseInitiator.Kind: Int] = [:]
      for close in statistics.closes { sums[close.by, default: 0] &+= close.count }
      lines.append(line("all", name: "", sums, rate: rates.perSecond(without: []), model))
    }
    guard !statistics.refusals.isEmpty else { return lines }
    lines += [StyledText(), StyledText("HTTP  REFUSED HANDSHAKES", .heading)]
    lines += statistics.refusals.map { refusal in
      // A TLS handshake that fails has no status.
      StyledText(refusal.status == 0 ? "TLS" : "\(refusal.status)", .accent)
        .with(
          "  " + DisplayWidth.padded(QuantityText.readableCount(refusal.count), to: 9, right: true)
            + "  "
            + model.shown(refusal.reason))
    }
    return lines
  }

  private static func line(
    _ label: String, name: String, _ counts: [CloseInitiator.Kind: Int], rate: Double?,
    _ model: Model
  ) -> StyledText {
    let total = counts.values.reduce(0) { $0 &+ $1 }
    let isWide = hasNames(model)
    var line = StyledText(DisplayWidth.padded(label, to: 4), .accent)
    if isWide { line.append(" " + DisplayWidth.padded(name, to: 23)) }
    let totalWidth = isWide ? 12 : 6
    line.append(
      " "
        + DisplayWidth.padded(
          HumanText.count(total, columns: totalWidth), to: totalWidth, right: true))
    line.append(
      DisplayWidth.padded(
        rate.map { QuantityText.shortCount($0) } ?? "–", to: isWide ? 7 : 5, right: true),
      .accent)
    for kind in kinds {
      let count = counts[kind] ?? 0
      let width = width(of: kind, model)
      let text = count == 0 ? "·" : HumanText.count(count, columns: width)
      line.append(
        DisplayWidth.padded(text, to: width + 1, right: true), count == 0 ? .dim : .normal)
    }
    return line
  }

  private static func hasNames(_ model: Model) -> Bool { model.columns >= 130 }

  private static func width(of kind: CloseInitiator.Kind, _ model: Model) -> Int {
    hasNames(model) ? 9 : kind.rawValue.utf8.count
  }
}
