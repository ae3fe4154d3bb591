internal import Core

/// The printed name under a reader's latest signature, which is offered at the next one.
extension ReviewSource {
  /// The name kept; `nil` before the first signature, and for what is no name any more.
  func signerName(reader: String) throws -> String? {
    let text = try readerText(.signer, reader: reader).text
    let name = DisplayText.clean(String(text.prefix { !$0.isNewline })).trimmingSpaces
    return name.isEmpty || name.count > ReviewJournal.longestName ? nil : name
  }

  /// Keeps the name of a signature that was written.
  func keepSignerName(_ name: String, reader: String) throws {
    _ = try changeReaderText(.signer, reader: reader) { _ in DisplayText.clean(name) + "\n" }
  }
}

extension Workstation {
  /// Takes in the name kept, unless another was typed meanwhile; without it the reader's id is offered.
  static func take(_ name: Result<String?, WorkerFailure>, _ state: inout AppState) {
    if case .success(let kept?) = name, state.signerName == nil { state.signerName = kept }
  }
}
