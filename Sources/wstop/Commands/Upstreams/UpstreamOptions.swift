import ArgumentParser
import ControlProtocol
import Vocabulary

/// The upstreams that a command is for.
struct UpstreamOptions: ParsableArguments {
  @OptionGroup var engine: EngineOptions

  @Argument(help: "The upstream's name, as wstop upstreams shows it.")
  var name: String

  @Option(help: "Only that of one route, by its pattern. (default: of all that have the name)")
  var route: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    _ = try selection()
  }

  /// The upstreams.
  func selection() throws -> UpstreamSelection {
    try validating { () throws(ControlError) in
      try UpstreamSelection(name: name, route: route).checked()
    }
  }

  /// Makes a request about the upstreams, and shows them as they are then.
  func show(_ request: ControlRequest) throws {
    output.show(try engine.upstreams(request))
  }
}
