/// The console's configuration, from its command line, its files and the terminal.
package struct Setup: Equatable, Sendable {
  /// The engine, for people: the path of the control socket.
  package var target: String
  /// The options with which other commands attach to the same engine, such as `--name prod-1`;
  /// empty for the default one.
  package var attachWords: [String]
  /// Whether the console was started read-only.
  package var isReadOnly: Bool
  /// Whether the engine ends with the console, as that of a demo does.
  package var endsEngine = false
  /// The console's own version.
  package var version: String
  /// The characters that the terminal can show.
  package var repertoire: Repertoire
  /// The commands that the command line takes.
  package var commands = CommandCatalogue()
  /// How far local time is ahead of UTC.
  package var localTime: UTCOffsets
  /// The keys.
  package var keys = KeyMap.standard
  /// The alarms that the overview watches.
  package var alarms: [Alarm] = []
  /// The rules by which sessions are highlighted.
  package var marks = MarkingRules()
  /// The notice at the start, such as that a file of settings is wrong; not escaped.
  package var complaint: String?

  /// A setup.
  package init(
    target: String, attachWords: [String] = [], isReadOnly: Bool = false,
    version: String, repertoire: Repertoire = .unicode, localTime: UTCOffsets = UTCOffsets()
  ) {
    self.target = target
    self.attachWords = attachWords
    self.isReadOnly = isReadOnly
    self.version = version
    self.repertoire = repertoire
    self.localTime = localTime
  }
}
