public import Core

/// What workers tell the workstation.
public enum AppMessage: Sendable {
  /// The whole worklist anew.
  case worklist([WorklistEntry])
  /// One line of the worklist, new or changed.
  case entry(WorklistEntry)
  /// What runs in the background, in words; `nil` when nothing does.
  case background(String?)
  /// Something went wrong in the background, in words.
  case problem(String)
  /// The answer to one of the workstation's own requests.
  case reply(WorkerReply)
}

/// The answer of one of the workstation's own workers.
public struct WorkerReply: Sendable {
  enum Value: Sendable {
    case worklist(Result<[WorklistEntry], WorkerFailure>)
    case study(String, Result<LoadedStudy, WorkerFailure>)
    case written(Int, Result<ReviewRecord, WorkerFailure>)
    case picture(SliceView, ScreenPicture)
  }
  let value: Value
}

/// A failure in words.
struct WorkerFailure: Error, Equatable, Sendable {
  let words: String

  init(_ error: any Error) {
    words = DisplayText.clean("\(error)")
  }

  init(words: String) { self.words = words }
}

/// Work that runs beside the workstation, such as detection.
///
/// Called once at the start with a function that posts messages from any thread; returns a
/// function that asks the work to stop, which is called before the workstation ends.
public typealias BackgroundWork =
  @Sendable (_ post: @escaping @Sendable (AppMessage) -> Void) -> @Sendable () -> Void
