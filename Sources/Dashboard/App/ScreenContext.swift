import ControlProtocol

/// The state that screens, pages and dialogs share: the latest snapshots, the setup, the clock, the
/// open dialog and pages, the notice, and pending requests.
package struct ScreenContext: Equatable, Sendable {
  /// The configuration from the start.
  package var setup: Setup
  /// The terminal's columns.
  package var columns: Int
  /// The terminal's rows.
  package var rows: Int
  /// The time, in seconds since 1970.
  package var now: Double
  /// The state of the connection to the engine.
  package var connection: ConnectionState
  /// The latest of the engine's snapshots.
  package var latest = LatestSnapshot()
  /// The screen that is shown.
  package var screen = Screen.sessions
  /// The pages on top of it, the topmost last.
  package var pages: [Page] = []
  /// The topmost dialog or line.
  package var dialog: Dialog?
  /// The sessions that are chosen.
  package var chosen = ChosenSessions()
  /// The moment of the past that is shown; nil: the present.
  package var viewedMoment: ViewedMoment?
  /// The whole texts of the chosen row that its table cuts; empty: only other rows' texts are cut.
  package var cutTexts: String?
  /// The interval of snapshots, and whether they are shown.
  package var pacing = Pacing()
  /// The result of the last action.
  package var notice: Notice?
  /// The last command that a notice showed; safe to draw.
  package private(set) var lastCommand: String?
  /// Requests whose replies are yet to come.
  package var pending = PendingActs()
  /// The commands that were typed.
  package var commandHistory = CommandHistory()
  /// How the terminal is used.
  package var appearance = Appearance()
  /// The search in the topmost text; empty for none.
  package var sought = ""
  /// The line of the last match.
  package var foundLine: Int?
  /// The running acts.
  package var acts = ShownActs()
  /// The requests to screens that wait for the end of the event.
  package var errands: [Errand] = []

  /// Nothing is known yet.
  init(setup: Setup, columns: Int, rows: Int, now: Double) {
    self.setup = setup
    self.columns = min(max(columns, 0), Canvas.maximumSide)
    self.rows = min(max(rows, 0), Canvas.maximumSide)
    self.now = now
    connection = .connecting(since: now)
    if let complaint = setup.complaint { note(shown(complaint), .warning) }
  }

  /// The engine's run; nil before the first snapshot.
  package var run: String? { latest.statistics?.engine.run }

  /// The context of keys: the topmost of dialog, page and screen.
  package var keyContext: KeyContext {
    dialog?.keyContext ?? pages.last?.keyContext ?? KeyContext.screen(screen)
  }

  /// The watch that every screen needs.
  var watch: WatchRequest {
    var request = WatchRequest(intervalMilliseconds: pacing.intervalMilliseconds)
    request.historySeconds = 60
    // `wantsLimits` is set on every screen, since the header shows message-bytes beside the sizes.
    request.wantsLimits = true
    request.wantsActs = true
    for case .details(let page) in pages { request.details = page.id }
    return request
  }

  /// Shows a notice in the line above the footer.
  mutating func note(_ text: String, _ tone: Notice.Tone, command: String? = nil) {
    notice = Notice(text: text, tone: tone, command: command, at: now)
    if let command, !command.isEmpty { lastCommand = command }
  }

  /// The key of an action, as a sentence names it.
  func keyLabel(_ action: Action) -> String {
    setup.keys.label(of: action, in: keyContext) ?? "no key"
  }

  /// Text from outside, escaped and safe to draw.
  func shown(_ text: String) -> String {
    setup.repertoire.shown(text)
  }

  /// Ends the search.
  mutating func forgetSearch() {
    sought = ""
    foundLine = nil
  }

  /// Advances the clock.
  mutating func take(_ now: Double) {
    self.now = now
    if let notice, now - notice.at > Notice.lifetime { self.notice = nil }
  }
}
