import ArgumentParser
import ControlProtocol
import Testing
import Vocabulary

@testable import wstop

@Suite("Each session field on the command line")
struct SessionFieldCellTests {
  @Test(
    "wstop sessions takes it as a column and to sort by, and the manual lists it",
    arguments: SessionField.columns)
  func column(field: SessionField) throws {
    let name = field.rawValue
    let command = try SessionsCommand.parse(["--columns", "id,\(name)", "--sort", "-\(name)"])
    #expect(command.columns == [.id, field])
    #expect(command.sort?.key == field)
    let manual = try #require(ManualFile.all.first { "\($0)".hasSuffix("columns.md") }).lines()
    #expect(manual.contains { $0.hasPrefix("| `\(name)` |") && $0.contains(field.definition.help) })
    let table = SessionText.table([OutputTests.row()], columns: [field], now: OutputTests.now)
    #expect(table.names == [name])
    let title = try #require(table.columns.first?.title)
    #expect(title == title.uppercased() && !title.isEmpty)
    let cell = try #require(table.rows.first?.first)
    #expect(cell.readable != nil)
  }

  @Test(
    "What is no column is refused with the names of all columns",
    arguments: ["room", "tapped", "nose", ""])
  func refused(name: String) {
    #expect(throws: (any Error).self) { try SessionsCommand.parse(["--columns", "id,\(name)x"]) }
    #expect(throws: (any Error).self) { try SessionsCommand.parse(["--sort", name]) }
    let message = #expect(throws: (any Error).self) {
      try SessionsCommand.parse(["--columns", "room"])
    }
    .map { SessionsCommand.message(for: $0) }
    #expect(message?.contains("no column is called") == true)
  }

  @Test(
    "A filter takes each key and each flag", arguments: SessionField.filterKeys + SessionField.flags
  )
  func filter(field: SessionField) throws {
    let example = try #require(field.definition.filter)
    let command = try SessionsCommand.parse(["--filter", example])
    #expect(command.filter.uses(field))
    #expect(CompletionWords.filterKeys.contains { $0.hasPrefix(field.rawValue) })
    let manual = try #require(ManualFile.all.first { "\($0)".hasSuffix("filters.md") }).text()
    #expect(manual.contains("`\(field.rawValue)`") && manual.contains(field.definition.help))
  }

  @Test("Details of a session list each count of the table that they have no place for")
  func details() {
    let row = OutputTests.row { $0.droppedMessages = 1234 }
    let table = SessionText.details(
      SessionDetails(engine: "r", row: row), now: OutputTests.now)
    #expect(SessionField.furtherCounts.contains(.dropped))
    #expect(table.text(as: .plain).contains("dropped\t1234\n"))
    #expect(table.text(as: OutputTests.terminal).contains("1 234"))
  }
}
