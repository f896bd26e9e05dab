import ArgumentParser
import ControlClient
import ControlProtocol

struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Show what happened in the engine: acts, limits, problems.",
    discussion: """
      --follow writes one JSON object a line (NDJSON), but readable lines to a terminal; --json \
      and --csv choose. Without --follow a pipe gets values separated by tabs: number, time in \
      seconds since 1970, kind, what happened, by whom, the command.
      """)

  @OptionGroup var engine: EngineOptions

  @Flag(help: "One JSON object a line.")
  var json = false

  @Flag(help: "As comma-separated values, the names of the columns first.")
  var csv = false

  @Flag(help: "Go on with what happens from now on, until the engine ends.")
  var follow = false

  func validate() throws {
    guard !json || !csv else { throw ValidationError("--json and --csv exclude each other") }
  }

  func run() throws {
    let target = try engine.target()
    do throws(ControlClientError) {
      try watch(target)
    } catch {
      throw CommandFailure(error)
    }
  }

  private func watch(_ target: ControlTarget) throws(ControlClientError) {
    let connection = try WatchConnection(
      to: target, watching: WatchRequest(eventsAfter: 0))
    writeTitles()
    var last = 0
    repeat {
      for snapshot in try ControlClient.nextSnapshots(on: connection) {
        // `last` filters out events that an engine repeats.
        for event in snapshot.events ?? [] where event.sequence > last {
          last = event.sequence
          show(event)
        }
      }
    } while follow
  }

  private func writeTitles() {
    if csv { StandardOutput.write(Array(EventText.table([]).csv.utf8)) }
    if StandardOutput.isTerminal, !csv, !json {
      StandardOutput.write(EventText.heading(as: StandardOutput.form) + "\n")
    }
  }

  private func show(_ event: EngineEvent) {
    if csv {
      StandardOutput.write(Array(EventText.table([event]).csvRows.utf8))
    } else if json || follow && !StandardOutput.isTerminal {
      StandardOutput.write(ControlJSON.encodeASCII(event, isIndented: false) + [0x0A])
    } else {
      StandardOutput.write(EventText.line(event, as: StandardOutput.form) + "\n")
    }
  }
}
