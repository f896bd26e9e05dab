import ControlProtocol
import Vocabulary

extension Model {
  /// Performs an interpreted command, or shows why the line is invalid.
  mutating func take(_ result: Result<ConsoleCommand, CommandFault>, of line: String) -> [Effect] {
    switch result {
    case .success(let command): return perform(command, typed: line)
    case .failure(let fault):
      context.note(fault.message, .failed)
      if context.dialog == nil { context.dialog = .command(CommandEntry(refused: line, fault)) }
      return []
    }
  }

  private mutating func perform(_ command: ConsoleCommand, typed line: String) -> [Effect] {
    switch command {
    case .quit: return [.quit]
    case .help: context.pages.append(.help(of: context.keyContext, ListPosition()))
    case .show(let wanted): context.show(wanted)
    case .sessions(let filter, let sort, let isDescending, let selection):
      // A filter from another screen selects live sessions; on the sessions screen the selection
      // stays.
      let isElsewhere = context.screen != .sessions && filter != nil
      context.show(.sessions)
      screens[SessionsScreen.self].arrange(
        filter: filter, sort: sort, isDescending: isDescending,
        selection ?? (isElsewhere ? .live : nil))
    case .groups(let query) where query.by != nil:
      guard let field = query.by else { return [] }
      context.show(.sessions)
      screens[SessionsScreen.self].show(query, by: field, in: &context)
    case .groups(let query):
      context.show(.rooms)
      screens[RoomsScreen.self].show(query)
    case .closes(let seconds):
      context.show(.closes)
      screens[ClosesScreen.self].seconds = seconds
    case .traffic(let query):
      context.show(.traffic)
      screens[TrafficScreen.self].choose(query)
    case .history(let filter, let kinds):
      context.show(.history)
      screens[HistoryScreen.self].look(for: filter, kinds)
    case .tap(let request): context.openTap(of: request.subject, options: request.options)
    case .details(let id):
      context.latest.details = nil
      context.pages = [.details(DetailsPage(id: id))]
    case .request(let wanted, let kind, let saying):
      return context.request(wanted, kind, command: context.shellCommand(line), saying: saying)
    case .close(let form, let isConfirmed):
      guard context.isReadyToAct() else { return [] }
      context.dialog = .close(form)
      return context.open(isConfirmed: isConfirmed)
    case .send(let form, let isConfirmed):
      guard context.isReadyToAct() else { return [] }
      context.dialog = .send(form)
      return context.open(isConfirmed: isConfirmed)
    case .ask(let form):
      guard context.isReadyToAct() else { return [] }
      context.dialog = .confirm(form)
    case .text(let title, let lines): context.pages.append(.text(title, lines, ListPosition()))
    }
    return []
  }
}
