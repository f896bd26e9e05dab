import ControlProtocol
import Vocabulary

extension FormView {
  /// The dialog that closes sessions.
  init(_ form: CloseForm, _ context: ScreenContext) {
    self.init(form, title: "Close " + Self.recipients(form.plan))
    for line in Self.subjects(form.plan, context) { add(.text(line)) }
    let isValid = form.validCode != nil
    add(
      .field(
        label: "code", form.code, note: StyledText(form.codeName, isValid ? .dim : .danger),
        index: form.index(of: .code)))
    let count = form.reason.text.utf8.count
    let maximum = CloseRequest.maximumReasonByteCount
    add(
      .field(
        label: "reason", form.reason,
        note: StyledText("\(count)/\(maximum)", count > maximum ? .danger : .dim),
        index: form.index(of: .reason)))
    addFields(of: form)
    finish(
      form, command: EquivalentCommand.close(form, context.setup), context, question: "Close?",
      yes: "Yes, close", no: "No")
  }

  /// The dialog that sends.
  init(_ form: SendForm, _ context: ScreenContext) {
    self.init(form, title: "Send to " + Self.recipients(form.plan))
    for line in Self.subjects(form.plan, context) { add(.text(line)) }
    add(
      .choice(
        label: "as", value: form.mode == .binary ? "binary, as hex" : form.mode.rawValue,
        index: form.index(of: .mode)))
    if form.mode != .ping {
      let count =
        if case .success(let bytes) = form.bytes { Self.byteCount(bytes.count) } else { "–" }
      add(
        .field(
          label: form.mode == .binary ? "hex" : "text", form.payload, note: StyledText(count, .dim),
          index: form.index(of: .payload)))
    } else {
      add(.text(StyledText("a ping has no text", .dim)))
    }
    addFields(of: form)
    finish(
      form, command: EquivalentCommand.send(form, context.setup), context, question: "Send?",
      yes: "Send", no: "Cancel")
  }

  /// The fields for the pace and the count, as far as they are of use.
  private mutating func addFields(of form: some PlannedForm) {
    let plan = form.plan
    if plan.has(.rate) {
      add(
        .field(
          label: "rate", plan.rate,
          note: StyledText(plan.rate.text.isEmpty ? "all at once; 50/s, 30/m" : "", .dim),
          index: form.index(of: .rate)))
      add(
        .field(
          label: "jitter", plan.jitter,
          note: StyledText(plan.jitter.text.isEmpty ? "even pauses; 20%" : "", .dim),
          index: form.index(of: .jitter)))
    }
    if plan.has(.count), let count = plan.count {
      let isRight = TypedCount.matches(plan.typedCount.text, count)
      add(
        .field(
          label: "type", plan.typedCount,
          note: StyledText("\(count) to go on", isRight ? .dim : .danger),
          index: form.index(of: .count)))
    }
  }

  private static func recipients(_ plan: ActPlan) -> String {
    if plan.subjects.areAll {
      return "ALL " + (plan.count.map { ScreenContext.count($0, "session") } ?? "sessions")
    }
    if let preview = plan.known {
      return QuantityText.readableCount(preview.count) + " of "
        + ScreenContext.count(preview.total, "session")
    }
    switch plan.subjects {
    case .sessions(let sessions) where sessions.count == 1: return sessions[0].description
    case .sessions(let sessions): return ScreenContext.count(sessions.count, "session")
    case .filter: return "all that match"
    }
  }

  /// The target: the filter or the names, and some of the sessions as the preview lists them.
  private static func subjects(_ plan: ActPlan, _ context: ScreenContext) -> [StyledText] {
    var lines: [StyledText]
    switch plan.subjects {
    case .sessions(let sessions): lines = named(sessions, context)
    case .filter where plan.subjects.areAll:
      lines = [StyledText("no filter is set: this is every open session", .warning)]
    case .filter(let filter):
      lines = [StyledText("that match ").with(context.shown(filter), .accent)]
    }
    guard let preview = plan.known, plan.subjects.areMany else { return lines }
    let shownCount = context.rows >= 24 ? 4 : 2
    lines += preview.sample.prefix(shownCount).map { row in
      StyledText("  " + DisplayWidth.padded(row.id.description, to: 8) + " ", .dim)
        .with(
          DisplayWidth.padded(DisplayWidth.fitted(context.shown(row.decodedPath), to: 30), to: 30),
          .dim
        )
        .with("  \(context.shown(SessionColumn.address(of: row)))", .dim)
    }
    let restCount = preview.count &- min(preview.sample.count, shownCount)
    if restCount > 0 {
      lines.append(StyledText("  … and \(ScreenContext.count(restCount, "session")) more", .dim))
    }
    return lines
  }

  private static func byteCount(_ count: Int) -> String {
    QuantityText.readableCount(count) + (count == 1 ? " byte" : " bytes")
  }

  /// Named sessions: path and address of one, the IDs of several.
  private static func named(_ sessions: [SessionID], _ context: ScreenContext) -> [StyledText] {
    guard let first = sessions.first else { return [] }
    if sessions.count > 1 {
      let names = sessions.prefix(12).map(\.description).joined(separator: " ")
      return [
        StyledText(
          "to \(ScreenContext.count(sessions.count, "session")): \(names)"
            + (sessions.count > 12 ? " …" : ""))
      ]
    }
    let row =
      context.latest.index(of: first).flatMap { context.latest.row(at: $0) }
      ?? context.latest.details.flatMap { $0.row.id == first ? $0.row : nil }
    guard let row else { return [] }
    let path = DisplayWidth.fitted(context.shown(row.decodedPath), to: 34)
    return [StyledText("\(path)  \(context.shown(SessionColumn.address(of: row)))")]
  }
}
