/// Draws the model; pure, and never traps, at any size.
package func draw(_ model: Model, into canvas: inout Canvas) {
  let model = model.asShown
  let context = model.context
  canvas.reset(columns: context.columns, rows: context.rows, repertoire: context.setup.repertoire)
  let layout = Layout(context)
  HeaderView.draw(model, layout, into: &canvas)
  switch context.pages.last {
  case .details(let page):
    TextView.draw(
      DetailsText.lines(of: page, in: context), heading: DetailsText.heading(of: page, in: context),
      top: page.position.top, sought: context.sought, layout, into: &canvas)
  case .entry(let entry, let position):
    TextView.draw(
      HistoryEntryText.lines(of: entry, in: context), heading: HistoryEntryText.heading(of: entry),
      top: position.top, sought: context.sought, layout, into: &canvas)
  case .tap(let page): TapView.draw(page, context, layout, into: &canvas)
  case .help(let place, let position):
    TextView.draw(
      HelpText.lines(for: place, context.setup.keys),
      heading: StyledText("Keys, those of \(place.title) first", .heading),
      top: position.top, sought: context.sought, layout, into: &canvas)
  case .text(let title, let lines, let position):
    TextView.draw(
      lines.map { StyledText($0) }, heading: StyledText(title, .heading), top: position.top,
      sought: context.sought, layout, into: &canvas)
  case nil where context.latest.statistics == nil:
    TextView.draw(
      WaitingText.lines(of: context), heading: nil, top: 0, layout, into: &canvas)
  case nil: model.screens[context.screen].draw(into: &canvas, layout, in: context)
  }
  // Only the footer's targets stay under a dialog.
  if context.dialog != nil { canvas.removeTargets() }
  FooterView.draw(model, layout, into: &canvas)
  ProgressView.draw(context, layout, into: &canvas)
  DialogView.draw(context, layout, into: &canvas)
}
