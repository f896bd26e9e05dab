import ControlProtocol
import Vocabulary

/// A topic of the manual: a file in `Sources/wstop/Manual`, embedded in the program.
enum ManualTopic: String, CaseIterable, Sendable {
  case install, console, keys, settings, columns, filters, commands, acts, taps, rooms, limits
  case closeCodes = "close-codes"
  case history, serve, gateway, origins, tls, proxies, compression, secrets, remote, api, load
  case library, performance, troubleshooting

  /// Finds a topic by its name.
  ///
  /// - Throws: `Unknown`, whose description names the nearest topic.
  init(named name: String) throws(Unknown) {
    guard let topic = ManualTopic(rawValue: name.lowercased()) else { throw Unknown(name: name) }
    self = topic
  }

  /// A name that no topic has.
  struct Unknown: Error, Equatable, CustomStringConvertible {
    /// The name, as it was typed.
    var name: String

    /// One sentence, safe to show, with the nearest topic if there is one.
    var description: String {
      let nearest = NearestName.of(name, among: ManualTopic.allCases.map(\.rawValue))
      let advice = nearest.map { "the nearest is \($0)" } ?? "wstop manual lists them"
      return "no topic is called \"\(UntrustedText.escaped(name, limit: 64))\"; \(advice)"
    }
  }

  /// The topic's document.
  var document: MarkdownDocument { MarkdownDocument(markdown) }

  /// The topic's file as text.
  var markdown: String { String(decoding: file, as: UTF8.self) }

  /// The topic in one line: the first paragraph of its file.
  var summary: String {
    for case .paragraph(let runs) in document.blocks { return runs.text }
    return ""
  }

  private var file: [UInt8] {
    switch self {
    case .install: PackageResources.install_md
    case .console: PackageResources.console_md
    case .keys: PackageResources.keys_md
    case .settings: PackageResources.settings_md
    case .columns: PackageResources.columns_md
    case .filters: PackageResources.filters_md
    case .commands: PackageResources.commands_md
    case .acts: PackageResources.acts_md
    case .taps: PackageResources.taps_md
    case .rooms: PackageResources.rooms_md
    case .limits: PackageResources.limits_md
    case .closeCodes: PackageResources.close_codes_md
    case .history: PackageResources.history_md
    case .serve: PackageResources.serve_md
    case .gateway: PackageResources.gateway_md
    case .origins: PackageResources.origins_md
    case .tls: PackageResources.tls_md
    case .proxies: PackageResources.proxies_md
    case .compression: PackageResources.compression_md
    case .secrets: PackageResources.secrets_md
    case .remote: PackageResources.remote_md
    case .api: PackageResources.api_md
    case .load: PackageResources.load_md
    case .library: PackageResources.library_md
    case .performance: PackageResources.performance_md
    case .troubleshooting: PackageResources.troubleshooting_md
    }
  }
}
