import Dashboard
import Vocabulary

/// The settings of the user's files; the console starts whatever is wrong with them.
struct SettingsFiles {
  private(set) var settings = ConsoleSettings()
  private(set) var table = SavedTable()
  /// The problems, one sentence each, with the file and the line.
  private(set) var problems: [String] = []
  private let directory: String?

  /// Reads the files of a directory.
  init(in directory: String? = SettingsDirectory.path()) {
    self.directory = directory
    switch SettingsDirectory.read(SettingsDirectory.consoleFile, in: directory) {
    case .missing: break
    case .unreadable(let reason): complain(SettingsDirectory.consoleFile, reason)
    case .text(let text):
      settings = ConsoleSettings(text)
      for problem in settings.problems { complain(SettingsDirectory.consoleFile, "\(problem)") }
    }
    switch SettingsDirectory.read(SettingsDirectory.tableFile, in: directory) {
    case .missing: break
    case .unreadable(let reason): complain(SettingsDirectory.tableFile, reason)
    case .text(let text):
      do throws(SavedTable.Fault) {
        table = try SavedTable(text)
      } catch {
        complain(SettingsDirectory.tableFile, "\(error)")
      }
    }
  }

  /// The first problem, and the number of others; nil without any.
  var complaint: String? {
    guard let first = problems.first else { return nil }
    return problems.count == 1 ? first : "\(first) (and \(problems.count - 1) more: wstop keys)"
  }

  /// The theme and the use of the mouse: the command line goes before the file, and that before
  /// `NO_COLOR`, which asks for no colour by default (no-color.org).
  func appearance(_ wishes: ConsoleWishes, noColour: Bool) -> Appearance {
    Appearance(
      theme: wishes.theme ?? settings.theme ?? (noColour ? .mono : .dark),
      usesMouse: wishes.usesMouse ?? settings.usesMouse ?? true)
  }

  /// Saves the arrangement of the table, unless a newer version of the program has written the
  /// file.
  ///
  /// - Returns: the event for the model.
  func save(_ table: SavedTable) -> ConsoleEvent {
    guard let directory else {
      return .saved(path: "", failure: "neither XDG_CONFIG_HOME nor HOME names a directory")
    }
    let path = directory + "/" + SettingsDirectory.tableFile
    if case .text(let text) = SettingsDirectory.read(SettingsDirectory.tableFile, in: directory) {
      do throws(SavedTable.Fault) {
        _ = try SavedTable(text)
      } catch .newer(let version) {
        return .saved(
          path: path,
          failure: "\(path) is of a newer wstop (version \(version)), and stays as it is")
      } catch {
        // A faulty file is overwritten.
      }
    }
    let failure = SettingsDirectory.write(
      table.text, to: SettingsDirectory.tableFile, in: directory)
    return .saved(path: path, failure: failure.map { "\(path): \($0)" })
  }

  private mutating func complain(_ file: String, _ text: String) {
    problems.append("\(directory ?? "")/\(file): \(text)")
  }
}
