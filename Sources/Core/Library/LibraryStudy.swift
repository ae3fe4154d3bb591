public import Foundation
internal import Imaging

/// One study of a library: a subject (and session) with the image chosen for it.
public struct LibraryStudy: Equatable, Sendable {
  /// The identifier shown and asked for, "07" or "07_ses-1", cleaned of terminal escapes.
  public let subject: String
  /// The subject's label without "sub-", as `participants.tsv` has it.
  public let participant: String
  /// The study's folder below the library's root and below each derivative, "sub-07/anat".
  public let folder: String
  /// The chosen image's file name, or `nil` when none can be used.
  public let imageName: BIDSName?
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
    /// Whether it could have been used as well as the chosen one.
    var isUsable = false
  }

  /// One line that names the usable images which are left out, as only one image of a subject and
  /// session is used; `nil` when none is.
  public var leftOutNote: String? {
    let others = refused.filter(\.isUsable).map { Self.lastComponent($0.path) }
    guard let image, !others.isEmpty else { return nil }
    return "only one image per subject and session is used: "
      + "\(Self.lastComponent(image.cleaned)) is, left out: \(others.joined(separator: ", "))"
  }

  private static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The chosen image's path below the library's root.
  public var image: String? { imageName.map { "\(folder)/\($0.stem)\($0.fileExtension)" } }

  /// The file name without extension that derivatives begin with, "sub-07_T2w".
  public var stem: String? { imageName?.stem }

  /// The folder of this program's derivatives of the study.
  public func derivativeFolder(library root: URL) -> URL {
    root.appendingPathComponent("derivatives/cordscope/\(folder)")
  }

  /// A derivative's file, such as "_detection.json"; `nil` without a usable image.
  public func derivative(_ ending: String, library root: URL) -> URL? {
    stem.map { derivativeFolder(library: root).appendingPathComponent($0 + ending) }
  }

  /// The journal of a reader; `nil` without a usable image.
  public func journal(reader: String, library root: URL) -> URL? {
    derivative("_reader-\(ReaderIdentity.sanitised(reader))_review.jsonl", library: root)
  }
}
