import EventLoop
import Logging
import Synchronization
import Vocabulary

extension Server {
  /// Logs a failure of the engine or of a handler; its subjects are redacted and escaped here.
  func log(_ failure: String, about subjects: [(name: String, text: String)]) {
    var metadata: Logger.Metadata = [:]
    for subject in subjects {
      let text = configuration.redaction.text(subject.text)
      metadata[subject.name] = .string(UntrustedText.escaped(text))
    }
    configuration.logger.error("\(failure)", metadata: metadata)
  }

  /// Logs a warning for an operator; it is escaped here.
  package func log(warning: String) {
    configuration.logger.warning("\(UntrustedText.escaped(warning))")
  }

  /// Reports that a reactor does not accept for want of a descriptor, if all others did until now.
  func acceptingPauses(_ error: SystemError) {
    guard pausedReactorCount.wrappingAdd(1, ordering: .relaxed).oldValue == 0 else { return }
    notices.post(.outOfDescriptors)
    log("accepting pauses", about: [("error", "\(error)")])
  }

  /// Reports that a reactor accepts again, if it was the last that did not.
  func acceptingGoesOn(after duration: Duration) {
    guard pausedReactorCount.wrappingSubtract(1, ordering: .relaxed).newValue == 0 else { return }
    let milliseconds = Int(duration.wholeNanoseconds / 1_000_000)
    notices.post(.acceptingAgain(milliseconds: milliseconds))
    let text = QuantityText.readableMilliseconds(Double(milliseconds))
    log(warning: "accepting goes on after \(text)")
  }
}
