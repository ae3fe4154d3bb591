public import Foundation
internal import Imaging

/// One study of a library: a subject (and session) with the image chosen for it.
public struct LibraryStudy: Equatable, Sendable {
  /// The identifier shown and asked for, "07" or "07_ses-1", cleaned of terminal escapes.
  public let subject: String
  /// The subject's label without "sub-", as `participants.tsv` has it.
  public let participant: String
  /// The folder of the study below the library's root, "sub-07/anat" or "sub-07/ses-1/anat".
  public let folder: String
  /// The chosen image's name without extension, "sub-07_T2w"; `nil` when none can be used.
  public let stem: String?
  /// The chosen image's path below the library's root.
  public let image: String?
  /// Why no image can be used.
  public let problem: String?
  /// Images set aside, each with the reason.
  public let refused: [Refusal]

  /// An image that was not chosen.
  public struct Refusal: Equatable, Sendable {
    /// The path below the library's root, cleaned.
    public let path: String
    /// Why it was not chosen.
    public let reason: String
  }
}
