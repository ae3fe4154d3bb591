/// How far the work beside the workstation is.
public struct BackgroundProgress: Equatable, Sendable {
  /// What is being done.
  public enum Work: Equatable, Sendable {
    /// The demo's phantoms are made.
    case making
    /// The library's studies are detected.
    case detecting
  }

  /// Whether it goes on.
  public enum Phase: Equatable, Sendable {
    case running
    /// Asked to pause; what has been begun is being left.
    case pausing
    case paused
  }

  /// What is being done.
  public var work: Work
  /// Whether it goes on.
  public var phase: Phase
  /// Studies done.
  public var done: Int
  /// Studies to be done, with those done.
  public var total: Int
  /// Seconds left, where they are known.
  public var secondsLeft: Double?

  /// Tells how far a work is.
  public init(
    _ work: Work, _ phase: Phase = .running, done: Int, total: Int, secondsLeft: Double? = nil
  ) {
    (self.work, self.phase) = (work, phase)
    (self.done, self.total, self.secondsLeft) = (done, total, secondsLeft)
  }

  /// The part that is done, 0 to 1.
  var fraction: Double {
    total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 0
  }

  /// In words: "detected 3 of 12, 2 min left", "detection PAUSED, 3 of 12 done".
  var words: String {
    let name = work == .making ? "phantoms" : "detection"
    switch phase {
    case .paused: return "\(name) PAUSED, \(done) of \(total) done"
    case .pausing: return "\(name) pausing, \(done) of \(total) done"
    case .running:
      let left = secondsLeft.map { ", \(TimeLeft.words($0)) left" } ?? ""
      switch work {
      case .making: return "made \(done) of \(total) phantoms\(left)"
      case .detecting where done == 0:
        return "detecting \(total) \(total == 1 ? "study" : "studies")\(left)"
      case .detecting: return "detected \(done) of \(total)\(left)"
      }
    }
  }
}

/// What can be asked of the work beside the workstation, from any thread.
public struct BackgroundControl: Sendable {
  let stop: @Sendable () -> Void
  let pause: @Sendable () -> Void
  let resume: @Sendable () -> Void

  /// - Parameters:
  ///   - stop: ends the work, and waits shortly for a write in progress.
  ///   - pause: ends it at the next step, and lets go of everything, until it is resumed.
  ///   - resume: goes on with what is left.
  public init(
    stop: @escaping @Sendable () -> Void = {}, pause: @escaping @Sendable () -> Void = {},
    resume: @escaping @Sendable () -> Void = {}
  ) {
    (self.stop, self.pause, self.resume) = (stop, pause, resume)
  }
}

/// Work that runs beside the workstation, such as detection.
///
/// Called once at the start with a function that posts messages from any thread; what it returns is
/// asked to stop before the workstation ends.
public typealias BackgroundWork =
  @Sendable (_ post: @escaping @Sendable (AppMessage) -> Void) -> BackgroundControl
