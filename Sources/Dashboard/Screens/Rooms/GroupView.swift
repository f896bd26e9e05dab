import ControlProtocol
import Vocabulary

extension RoomsScreen {
  package func extent(in context: ScreenContext) -> ListExtent? {
    groups.extent(in: context)
  }

  package func draw(into canvas: inout Canvas, _ layout: Layout, in context: ScreenContext) {
    GroupView(groups: groups, context: context).draw(layout, into: &canvas)
  }

  package func arrangement(columns: Int, in context: ScreenContext) -> StyledText {
    var text = groups.sorting
    text.append(groups.name.isEmpty ? "" : "  ")
    text.append(filter: groups.name, named: "name", columns: columns, in: context)
    return text
  }
}

extension GroupTable {
  /// The visible part of the groups.
  func extent(in context: ScreenContext) -> ListExtent {
    ListExtent(top: position.top, visible: Layout(context).bodyRows, count: count)
  }

  /// What the table is sorted by.
  var sorting: StyledText {
    StyledText("sort ", .dim).with("\(sort.rawValue) \(isDescending ? "▼" : "▲")")
  }
}

/// The drawing of a table of rooms, routes or groups of sessions.
struct GroupView {
  var groups: GroupTable
  var context: ScreenContext

  /// Draws the heading and the rows, or why there are none.
  func draw(_ layout: Layout, into canvas: inout Canvas) {
    let columns = GroupColumn.fitting(columns: canvas.columns, in: groups)
    if layout.hasHeading { drawHeading(columns, row: layout.contentTop, into: &canvas) }
    if let lines = emptyText {
      for (index, line) in lines.prefix(max(layout.bodyRows, 0)).enumerated() {
        canvas.put(line, row: layout.bodyTop + index, column: 2)
      }
      return
    }
    let position = groups.position
    let end = min(position.top + max(layout.bodyRows, 0), groups.count)
    guard position.top < end else { return }
    for index in position.top..<end {
      let row = layout.bodyTop + index - position.top
      let isCursor = index == position.cursor
      if isCursor { canvas.put("▸", row: row, column: 0) }
      canvas.add(.row(index), row: row, columns: 0..<canvas.columns)
      guard let group = groups.row(at: index) else {
        canvas.put("…", row: row, column: GroupColumn.markColumns, style: .dim)
        continue
      }
      var at = GroupColumn.markColumns
      for column in columns {
        let text = column.text(of: group, by: groups.by, in: context)
        canvas.put(
          column.content == .name
            ? DisplayWidth.padded(text, to: column.width)
            : DisplayWidth.number(text, to: column.width),
          row: row, column: at, style: style(of: column, group), limit: column.width)
        at += column.width + 1
      }
      if isCursor { canvas.restyle(row: row, columns: 0..<canvas.columns, style: .selection) }
    }
  }

  private func drawHeading(
    _ columns: [GroupColumn], row: Int, into canvas: inout Canvas
  ) {
    canvas.fill(row: row, columns: 0..<canvas.columns, style: .heading)
    var at = GroupColumn.markColumns
    for column in columns {
      var heading = column.heading
      if column.key == groups.sort { heading += groups.isDescending ? "▼" : "▲" }
      canvas.put(
        DisplayWidth.padded(heading, to: column.width, right: column.content != .name), row: row,
        column: at, style: .heading)
      if let index = column.key.flatMap(GroupSortKey.allCases.firstIndex(of:)) {
        canvas.add(.heading(index), row: row, columns: at..<(at + column.width))
      }
      at += column.width + 1
    }
  }

  private func style(of column: GroupColumn, _ row: GroupRow) -> Style {
    switch column.content {
    case .name: .accent
    case .rate: (row.rates?.messagesOut ?? 0) + (row.rates?.messagesIn ?? 0) > 0 ? .live : .dim
    case .backlog: row.backlogBytes > 0 ? .warning : .dim
    case .sessions, .total: .normal
    }
  }

  /// The text in place of the rows; nil if there are some.
  private var emptyText: [StyledText]? {
    if groups.isUnknownToEngine {
      return [
        StyledText("the engine groups no sessions: it is older than this console", .warning),
        StyledText("\(context.keyLabel(.group)) shows single sessions again", .dim),
      ]
    }
    guard let list = groups.list else { return [StyledText("loading…", .dim)] }
    guard list.total <= 0 else { return nil }
    if groups.by != nil { return [StyledText("no session matches", .warning)] }
    let kind = groups.kind
    if !groups.name.isEmpty {
      return [
        StyledText("no \(kind.noun) has ").with(context.shown(groups.name), .warning)
          .with(" in its name"),
        StyledText("Esc shows all", .dim),
      ]
    }
    if kind == .routes { return [StyledText("the engine has no routes")] }
    return [
      StyledText("no session is in a room"),
      StyledText("\(context.keyLabel(.otherGroups)) shows the routes", .dim),
    ]
  }
}
