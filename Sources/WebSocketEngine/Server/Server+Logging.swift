import Logging
import Vocabulary

extension Server {
  /// Logs a failure of the engine or of a handler; what it is about is redacted and escaped here.
  func log(_ failure: String, about subjects: [(name: String, text: String)]) {
    var metadata: Logger.Metadata = [:]
    for subject in subjects {
      let text = configuration.redaction.text(subject.text)
      metadata[subject.name] = .string(UntrustedText.escaped(text))
    }
    configuration.logger.error("\(failure)", metadata: metadata)
  }

  /// Logs what an operator should know; it is escaped here.
  package func log(warning: String) {
    configuration.logger.warning("\(UntrustedText.escaped(warning))")
  }
}
