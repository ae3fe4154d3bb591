/// Why a journal cannot be read or written; every case names the file and what to do.
public enum JournalError: Error, Equatable, Sendable {
  /// A line that is not the next of the chain: the journal was altered or damaged.
  case brokenChain(file: String, line: Int, why: String)
  /// Another session holds the journal and did not let go in time.
  case busy(file: String)
  /// The operating system refused.
  case system(file: String, operation: String, why: String)
  /// The act makes no sense at this point of the journal; nothing was written.
  case refused(String)
}

extension JournalError: CustomStringConvertible {
  /// A sentence for the user.
  public var description: String {
    switch self {
    case .brokenChain(let file, let line, let why):
      "\(file), line \(line): \(why). The journal was altered or damaged; it is left as it is: "
        + "compare it with a backup"
    case .busy(let file):
      "\(file): another session of this reader is writing; try again"
    case .system(let file, let operation, let why):
      "\(file): cannot \(operation): \(why)"
    case .refused(let why):
      why
    }
  }
}
