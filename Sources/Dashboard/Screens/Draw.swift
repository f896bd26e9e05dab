/// Draws the model; pure, and without trapping at any size.
package func draw(_ model: Model, into canvas: inout Canvas) {
  canvas.reset(columns: model.columns, rows: model.rows, repertoire: model.setup.repertoire)
  let layout = Layout(model)
  HeaderView.draw(model, layout, into: &canvas)
  switch model.pages.last {
  case .details(let page):
    TextView.draw(
      DetailsText.lines(of: page, in: model), heading: DetailsText.heading(of: page, in: model),
      top: page.position.top, sought: model.sought, layout, into: &canvas)
  case .entry(let entry, let position):
    TextView.draw(
      HistoryEntryText.lines(of: entry, in: model), heading: HistoryEntryText.heading(of: entry),
      top: position.top, sought: model.sought, layout, into: &canvas)
  case .tap(let page): TapView.draw(page, model, layout, into: &canvas)
  case .help(let place, let position):
    TextView.draw(
      HelpText.lines(for: place, model.setup.keys),
      heading: StyledText("Keys, those of \(place.title) first", .heading),
      top: position.top, sought: model.sought, layout, into: &canvas)
  case .text(let title, let lines, let position):
    TextView.draw(
      lines.map { StyledText($0) }, heading: StyledText(title, .heading), top: position.top,
      sought: model.sought, layout, into: &canvas)
  case nil: drawScreen(of: model, layout, into: &canvas)
  }
  // Under a dialog nothing can be clicked but what the footer names.
  if model.dialog != nil { canvas.removeTargets() }
  FooterView.draw(model, layout, into: &canvas)
  ProgressView.draw(model, layout, into: &canvas)
  DialogView.draw(model, layout, into: &canvas)
}

private func drawScreen(of model: Model, _ layout: Layout, into canvas: inout Canvas) {
  guard model.picture.statistics != nil else {
    TextView.draw(
      WaitingText.lines(of: model), heading: nil, top: 0, layout, into: &canvas)
    return
  }
  let top = model.positions[model.screen]?.top ?? 0
  switch model.screen {
  case .sessions: SessionsView.draw(model, layout, into: &canvas)
  case .traffic: TrafficView.draw(model, layout, into: &canvas)
  case .closes: ClosesView.draw(model, layout, into: &canvas)
  case .history: HistoryView.draw(model, layout, into: &canvas)
  case .rooms: GroupsView.draw(model, layout, into: &canvas)
  case .limits: LimitsView.draw(model, layout, into: &canvas)
  case .log:
    TextView.draw(
      LogText.lines(of: model), heading: LogText.heading(of: model), top: top,
      sought: model.sought, layout, into: &canvas)
  }
}
