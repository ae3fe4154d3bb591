/// A prompt that was refused, or never opened: what was typed ahead for it means nothing any more.
///
/// It stands until nothing has been typed for a moment; what is typed until then is dropped, for its
/// reader may not have seen the refusal: a name and a PIN are full of verdict keys.
struct RefusedPrompt: Equatable, Sendable {
  /// What is said of the refusal.
  let message: StatusMessage
  /// The title of the prompt that asks again, where one does.
  let title: String?
  /// Keys dropped so far.
  var dropped = 0

  init(_ message: StatusMessage, title: String?) {
    self.message = message
    self.title = title
  }
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
