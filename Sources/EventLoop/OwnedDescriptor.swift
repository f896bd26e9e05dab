/// A file descriptor with one owner, which closes it.
package struct OwnedDescriptor: ~Copyable {
  /// The descriptor's number, for calls that only borrow it.
  package let number: Int32

  /// Takes over an open descriptor.
  package init(owning number: Int32) {
    self.number = number
  }

  /// Gives the descriptor away without closing it.
  package consuming func take() -> Int32 {
    let number = self.number
    discard self
    return number
  }

  deinit {
    Syscalls.close(number)
  }
}
