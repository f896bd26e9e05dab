import ArgumentParser
import ControlProtocol

struct RoomsCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "rooms", abstract: "List the rooms: members, and what passes in them.",
    discussion: """
      In are broadcasts, out is what they became for each member. Without a terminal the values \
      are plain and separated by tabs: name, members, messages in and out a second, bytes in and \
      out a second, messages in and out, bytes in and out.

      To a room: wstop send --filter room=lobby; its sessions: wstop sessions --filter room=lobby
      """)

  @OptionGroup var options: GroupOptions

  func request() -> ControlRequest { .groups(options.query(.rooms)) }

  func run() throws { try options.show(.rooms) }
}
