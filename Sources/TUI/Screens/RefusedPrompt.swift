/// A prompt that was refused, or never opened: what was typed ahead for it means nothing any more.
///
/// It stands until nothing has been typed for a moment (`rest`); what is typed until then is dropped, for its
/// reader may not have seen the refusal: a name and a PIN are full of verdict keys.
struct RefusedPrompt: Equatable, Sendable {
  /// What is said of the refusal.
  let message: StatusMessage
  /// The title of the prompt that asks again, where one does.
  let title: String?
  /// Keys dropped so far.
  var dropped = 0
  /// Whether only what belongs to the same burst, pasted or typed ahead, is dropped: where a choice was left
  /// by a key without a meaning, a reader goes on at once.
  let isBurst: Bool
  /// Whether the keys came while the PIN was being checked.
  let isDuringCheck: Bool

  /// The longest pause between keys of one burst: nobody types as fast.
  static let burst = Duration.milliseconds(100)

  init(
    _ message: StatusMessage, title: String?, isBurst: Bool = false, isDuringCheck: Bool = false
  ) {
    self.message = message
    self.title = title
    self.isBurst = isBurst
    self.isDuringCheck = isDuringCheck
  }

  /// For how long nothing may be typed before keys are taken again, of what a refused prompt asks for.
  func rest(of quiet: Duration) -> Duration { isBurst ? min(quiet, Self.burst) : quiet }
}

/// A signature that waits for the disk, with what was typed meanwhile.
struct SigningWait: Equatable, Sendable {
  enum Step: Equatable, Sendable {
    /// Whether the reader has a PIN.
    case pin(SignRequest)
    /// The signature's act on its way, while the PIN is being checked.
    case signature(token: Int)
  }
  let step: Step
  var keys: [KeyPress] = []

  /// Keys that are kept.
  static let limit = 100

  init(_ step: Step) { self.step = step }
}
