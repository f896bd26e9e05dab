import ArgumentParser

struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print a script that completes wstop's commands in bash, zsh or fish.",
    discussion: """
      bash: wstop completions bash > ~/.local/share/bash-completion/completions/wstop
      zsh:  wstop completions zsh > ~/.zfunc/_wstop, with ~/.zfunc in fpath
      fish: wstop completions fish > ~/.config/fish/completions/wstop.fish
      """)

  @Argument(
    help: "The shell: bash, zsh or fish.", completion: .list(["bash", "zsh", "fish"]),
    transform: Self.shell)
  var shell: CompletionShell

  func run() {
    StandardOutput.write(Self.script(for: shell) + "\n")
  }

  /// The script of a shell.
  static func script(for shell: CompletionShell) -> String {
    let script = WStop.completionScript(for: shell)
    guard shell == .bash, let range = script.firstRange(of: bashBinding) else { return script }
    // A key with its operator is only the beginning of a word.
    return script[..<range.lowerBound]
      + """
      _wstop_without_space() {
          _wstop "$@"
          [[ "${COMPREPLY[0]-}" == *[=\\>] ]] && compopt -o nospace
          return 0
      }

      complete -o filenames -F _wstop_without_space wstop
      """ + script[range.upperBound...]
  }

  private static let bashBinding = "complete -o filenames -F _wstop wstop"

  private static func shell(_ text: String) throws -> CompletionShell {
    switch text {
    case "bash": .bash
    case "zsh": .zsh
    case "fish": .fish
    default: throw ValidationError("\"\(text)\" is no shell: they are bash, zsh and fish")
    }
  }
}
