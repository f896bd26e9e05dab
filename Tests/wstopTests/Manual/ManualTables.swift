import ArgumentParser
import Dashboard
import Foundation
import Vocabulary

@testable import ControlProtocol
@testable import wstop

/// The tables and lists of the manual, made of the program's own tables.
enum ManualTables {
  /// The lines of the table that a marker such as `<!-- table: limits -->` names; nil for a name
  /// that nothing has.
  static func table(_ name: String) throws -> [String]? {
    switch name {
    case "limits": limits
    case "columns": columns
    case "filters": filters
    case "commands": commands(of: WStop.self)
    case "close codes": closeCodes
    case "endpoints": endpoints
    case _ where name.hasPrefix("options "):
      try options(of: String(name.dropFirst("options ".count)))
    case _ where name.hasPrefix("keys "): keys(String(name.dropFirst("keys ".count)))
    default: nil
    }
  }

  /// The words that the list behind a marker such as `<!-- words: themes -->` explains.
  static func words(_ name: String) throws -> [String]? {
    switch name {
    case "screens": Screen.allCases.flatMap { [String($0.digit), $0.title] }
    case "themes": Theme.allCases.map(\.rawValue)
    case "flags": SessionField.flags.map(\.rawValue)
    case "who": CloseInitiator.Kind.allCases.map(\.rawValue)
    case "history kinds": HistoryEntry.Kind.allCases.map(\.rawValue)
    case "handlers": BuiltInHandler.allCases.map(\.rawValue)
    case "roles": ControlRole.allCases.map(\.rawValue)
    case "compression": CompressionMode.allCases.map(\.rawValue)
    case "redacted keys": Redaction.standardKeys
    case "exit codes":
      [
        0, CommandFailure.refused, CommandFailure.usage, CommandFailure.unavailable,
        CommandFailure.interrupted,
      ].map(String.init)
    case "environment": try environment()
    default: nil
    }
  }

  private static func lines(_ titles: [String], _ rows: [[String]]) -> [String] {
    ([titles, titles.map { _ in "---" }] + rows).map { row in
      row.first == "---"
        ? "|" + row.joined(separator: "|") + "|"
        : "| " + row.joined(separator: " | ").replacing("|  |", with: "| |") + " |"
    }
  }

  /// A text as a cell, in which nothing is a mark of Markdown.
  private static func plain(_ text: String) -> String {
    text.replacing("*", with: "\\*").replacing("|", with: "\\|").replacing("<", with: "\\<")
  }

  private static func code(_ text: String) -> String { "`\(text)`" }

  // MARK: Limits, columns, filters, codes

  private static var limits: [String] {
    lines(
      ["key", "default", "range", "scopes", "on breach", ""],
      LimitKey.allCases.map { key in
        let definition = key.definition
        return [
          key.rawValue, key.text(of: definition.defaultValue), key.rangeText,
          scopes(of: definition), definition.onBreach,
          definition.help,
        ]
      })
  }

  private static func scopes(of definition: LimitDefinition) -> String {
    let named: [(LimitDefinition.Scopes, String)] = [
      (.engine, "engine"), (.route, "route"), (.session, "session"),
    ]
    return named.filter { definition.scopes.contains($0.0) }.map(\.1).joined(separator: ", ")
  }

  private static var columns: [String] {
    lines(
      ["key", "title", "heading", "sorted first", "as a filter", ""],
      SessionField.columns.map { field in
        [
          code(field.rawValue), field.title, field.headings.joined(separator: ", "),
          field.isDescendingByDefault ? "greatest" : "least",
          field.definition.filter.map(code) ?? "–", field.definition.help,
        ]
      })
  }

  private static var filters: [String] {
    lines(
      ["key", "operators", "example", ""],
      SessionField.filterKeys.map { field in
        [
          code(field.rawValue), field.operators.map { code($0.rawValue) }.joined(separator: " "),
          code(field.example), field.definition.help,
        ]
      })
  }

  private static var closeCodes: [String] {
    lines(
      ["code", "name", "may be sent"],
      (1000...1015).map { CloseCode(rawValue: $0) }.filter { $0.name != nil }.map { code in
        [
          String(code.rawValue), code.word.map(Self.code) ?? "–", code.mayBeSent ? "yes" : "no",
        ]
      })
  }

  // MARK: Commands and options

  private static func commands(of type: any ParsableCommand.Type) -> [String] {
    lines(
      ["command", "for", ""],
      type.configuration.groupedSubcommands.flatMap { group in
        group.subcommands.flatMap { command -> [[String]] in
          let name = command.configuration.commandName ?? ""
          let rows =
            [(name, command)].filter { $0.1.configuration.subcommands.isEmpty }
            + command.configuration.subcommands.map { below in
              ("\(name) \(below.configuration.commandName ?? "")", below)
            }
          return rows.map { [code($0), group.name.lowercased(), plain($1.configuration.abstract)] }
        }
      })
  }

  /// What the parser says of a command.
  struct Described: Decodable {
    struct Command: Decodable {
      var commandName: String
      var subcommands: [Command]?
      var arguments: [Argument]?

      /// It and all below it.
      var all: [Command] { [self] + (subcommands ?? []).flatMap(\.all) }
    }

    struct Argument: Decodable {
      struct Name: Decodable {
        var kind: String
        var name: String
      }

      var abstract: String?
      var kind: String
      var names: [Name]?
      var shouldDisplay: Bool
      var valueName: String?

      var longNames: [String] {
        (names ?? []).filter { $0.kind == "long" }.map { "--" + $0.name }
      }
    }

    var command: Command

    /// All commands.
    static let program = Result {
      try JSONDecoder().decode(Described.self, from: Data(WStop._dumpHelp().utf8))
    }
  }

  private static func options(of name: String) throws -> [String]? {
    guard
      let command = try Described.program.get().command.all.first(where: { $0.commandName == name })
    else { return nil }
    return lines(
      ["option", ""],
      (command.arguments ?? []).filter { argument in
        argument.kind != "positional" && argument.shouldDisplay && argument.longNames != ["--help"]
      }
      .map { argument in
        let value = argument.kind == "option" ? " " + (argument.valueName ?? "") : ""
        return [
          argument.longNames.map { code($0 + value.uppercased()) }.joined(separator: " "),
          plain(argument.abstract ?? ""),
        ]
      })
  }

  // MARK: The control API

  private static let session = SessionID(rawValue: 4706)

  private static var endpoints: [String] {
    let answered = answered.flatMap { endpoint in
      endpoint.methods.map { method in
        [
          code(
            endpoint.path.replacing("/\(session)", with: "/{id}")
              .replacing("/acts/1", with: "/acts/{id}")), method.rawValue,
          method == .get ? "view" : "operate",
        ]
      }
    }
    // What is answered otherwise than with one value is no endpoint of the table in the code; the
    // end-to-end tests ask an engine for each.
    let beside = [
      ["`/v1/closed`", "GET", "view"], ["`/v1/events`", "GET", "view"],
      [code(ControlEndpoint.watchPath), "GET", "view"],
      [code(tap(.filter("tls"))), "GET", "operate"],
      [code(tap(.session(session)).replacing("/\(session)", with: "/{id}")), "GET", "operate"],
      ["`/healthz`", "GET", "view"], ["`/readyz`", "GET", "view"],
    ]
    return lines(["path", "method", "role"], answered + beside)
  }

  private static func tap(_ subject: TapRequest.Subject) -> String {
    TapRequest(subject).target.split(separator: "?").first.map(String.init) ?? ""
  }

  /// Every endpoint; one that is new makes `isListed` not compile.
  private static let answered: [ControlEndpoint] = [
    .statistics, .sessions, .session(session), .sessionClose(session), .sessionSend(session),
    .sessionLimits(session), .sessionSecrets(session), .close, .send, .acts, .act(1), .actAbort(1),
    .groups(.rooms), .groups(.routes), .sessionGroups, .upstreams, .upstreamDrain, .upstreamResume,
    .traffic, .closes, .history, .limits, .limitsKeep, .reload, .stop,
  ].filter(isListed)

  private static func isListed(_ endpoint: ControlEndpoint) -> Bool {
    switch endpoint {
    case .statistics, .sessions, .session, .sessionClose, .sessionSend, .sessionLimits,
      .sessionSecrets, .close, .send, .acts, .act, .actAbort, .groups, .sessionGroups, .traffic,
      .closes, .history, .upstreams, .upstreamDrain, .upstreamResume,
      .limits, .limitsKeep, .reload, .stop:
      true
    }
  }

  // MARK: Keys

  private static let screens = Set(Screen.allCases.map(\.title))
  private static let pages = ["Details", "Entry of the history", "Help", "Tap"]

  /// The tables that a binding stands in.
  private static func tables(of binding: KeyBinding) -> Set<String> {
    let titles = Set(binding.contexts.map(\.title))
    if case .move = binding.action, titles.count > 2 { return ["moving"] }
    if titles.isSuperset(of: screens) { return ["everywhere"] }
    let shown = titles.intersection(screens.union(pages))
    return titles.isSubset(of: shown) ? shown : shown.union(["dialogs"])
  }

  /// The names of the tables of keys, of which each binding is in one at least.
  static let keyTables = Set(KeyTable.bindings.flatMap(tables))

  private static func keys(_ name: String) -> [String] {
    lines(
      ["keys", "action", ""] + (name == "dialogs" ? ["where"] : []),
      KeyTable.bindings.filter { tables(of: $0).contains(name) }.map { binding in
        let places = KeyContext.allCases.filter(binding.contexts.contains).map(\.title)
          .filter { !screens.contains($0) && !pages.contains($0) }
        return [
          binding.keys.map { code($0.label) }.joined(separator: " "),
          binding.name.map(code) ?? "–", plain(binding.help),
        ] + (name == "dialogs" ? [places.joined(separator: ", ")] : [])
      })
  }

  // MARK: The environment

  /// The variables that the program's sources ask for, but for those of limits.
  private static func environment() throws -> [String] {
    let folder = ManualFile.root.appending(path: "Sources/wstop")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }
      .flatMap { path in
        try String(contentsOf: folder.appending(path: path), encoding: .utf8)
          .matches(of: #/(?:Environment\[|directory\()"([A-Z_]+)"/#).map { String($0.output.1) }
      }
    return Set(names).sorted()
  }
}
