import ControlProtocol
import Vocabulary

extension FormView {
  /// The dialog that sets or unsets a limit.
  init(_ form: LimitForm, _ context: ScreenContext) {
    let key = form.row.key
    self.init(form, title: (form.isUnset ? "Unset " : "Change ") + key.rawValue)
    add(.text(StyledText(key.definition.help, .dim)))
    if form.isUnset {
      add(
        .text(
          StyledText("no longer \(context.shown(form.row.value)) for ")
            .with(context.shown(form.scope.text), .accent)
            .with(": the wider setting or the default holds")))
    } else {
      add(
        .choice(
          label: "for", value: context.shown(form.scope.text), index: form.index(of: .scope)))
      add(
        .field(
          label: "value", form.value, note: StyledText(key.rangeText, .dim),
          index: form.index(of: .value)))
    }
    addForecast(form, context)
    if key.knowsSessionsOver {
      add(
        .choice(label: "over", value: form.fate.rawValue, index: form.index(of: .fate)))
    }
    add(
      .field(
        label: "revert", form.revertAfter, note: StyledText("after, as 10m; empty: never", .dim),
        index: form.index(of: .revertAfter)))
    if let revert = form.row.revert, form.scope == form.row.scope, form.revertAfter.text.isEmpty {
      add(
        .text(
          StyledText("for good: it goes back to \(context.shown(revert.value)) no more", .warning)))
    } else {
      add(.text(StyledText("holds for every open session before its next frame", .dim)))
    }
    finish(
      form, command: EquivalentCommand.limit(form, context.setup), context,
      question: form.isUnset ? "Unset?" : "Change?", yes: "Yes", no: "No")
  }

  private mutating func addForecast(_ form: LimitForm, _ context: ScreenContext) {
    let forecast = form.forecast
    let new = form.isUnset ? forecast?.new ?? "…" : form.value.text
    add(
      .text(
        StyledText(context.shown(forecast?.old ?? form.row.value)).with(" → ", .dim)
          .with(context.shown(new), form.problem == nil ? .accent : .danger)))
    guard let forecast else {
      add(.text(StyledText(form.question == nil ? "" : "asking what it would reject…", .dim)))
      return
    }
    for line in ForecastText.lines(forecast, now: context.latest.readAt) {
      add(.text(StyledText(context.shown(line), .normal)))
    }
  }
}
