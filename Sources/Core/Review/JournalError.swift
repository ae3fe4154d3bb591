/// Why a journal cannot be read or written; every case names the file and what to do.
public enum JournalError: Error, Equatable, Sendable {
  /// A line that is not the next of the chain: the journal was altered or damaged.
  case brokenChain(file: String, line: Int, why: String)
  /// Another session holds the journal and did not let go in time.
  case busy(file: String)
  /// The journal that this session had read was deleted, or another file was put in its place;
  /// `kept` names the file to which its lines were saved, if they could be.
  case lost(file: String, acts: Int, Loss, kept: String?)
  /// The operating system refused.
  case system(file: String, operation: String, why: String)
  /// The act makes no sense at this point of the journal; nothing was written.
  case refused(String)
  /// Another session of the reader has acted on the same meanwhile, as the words say; nothing was
  /// written.
  case overtaken(String)

  /// What became of a journal while it was in use.
  public enum Loss: String, Sendable {
    /// No file has its name.
    case deleted
    /// The file of its name does not hold the lines that were read.
    case replaced
  }
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
    case .lost(let file, let acts, let loss, let kept):
      "\(file) was \(loss.rawValue) while it was in use; nothing is written. "
        + (kept.map {
          "What it had (\(CountText.of(acts, "act", "acts"))) is kept in \($0): rename that to \(file)"
        } ?? "Put it back (\(CountText.of(acts, "act", "acts"))) from a backup")
        + " and repeat, or restart cordscope to go on without them"
    case .system(let file, let operation, let why):
      "\(file): cannot \(operation): \(why)"
    case .refused(let why):
      why
    case .overtaken(let words):
      "another session of this reader was faster: \(words)"
    }
  }
}
