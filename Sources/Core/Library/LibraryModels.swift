public import Foundation
internal import Imaging

/// The weights that were adapted to a library, and which weights the library uses.
///
/// `derivatives/cordscope/models` holds them; `active.json` there names those in use. Without it the
/// library uses the weights that come with the program.
public struct LibraryModels: Sendable {
  /// Where adapted weights lie.
  public let folder: URL

  /// Looks at a library.
  public init(library root: URL) {
    folder = root.appendingPathComponent("derivatives/cordscope/models")
  }

  /// The entry of `active.json`.
  struct Choice: Codable, Equatable {
    /// The weights' name; their file is `NAME.safetensors`.
    var name: String
    /// SHA-256 of the weights file.
    var sha256: String
    /// Since when, UTC.
    var since: String
    /// The notice of use.
    var notice: String
  }

  private var choiceFile: URL { folder.appendingPathComponent("active.json") }

  /// A file of some adapted weights.
  func file(_ name: String, _ ending: String) -> URL {
    folder.appendingPathComponent(name + ending)
  }

  /// The record of adapted weights; `nil` for those that were not adapted here.
  ///
  /// - Throws: `ReadError` when the record is damaged.
  func record(of name: String) throws -> AdaptationRecord? {
    guard name == name.cleaned, !name.contains("/") else { return nil }
    let url = file(name, "_adaptation.json")
    return FileManager.default.fileExists(atPath: url.path) ? try AdaptationRecord.read(url) : nil
  }

  /// Whether the library uses adapted weights, and their name.
  ///
  /// - Throws: `ReadError` when `active.json` is damaged.
  func choice() throws -> Choice? {
    guard FileManager.default.fileExists(atPath: choiceFile.path) else { return nil }
    let bytes = try FileBytes.read(choiceFile, limit: 1 << 20)
    guard let choice = try? SnakeCaseJSON.decoder().decode(Choice.self, from: Data(bytes)),
      !choice.name.isEmpty, !choice.name.contains("/"), !choice.name.hasPrefix("."),
      choice.name == choice.name.cleaned
    else {
      throw ReadError(
        path: choiceFile.path, problem: "does not name adapted weights", advice: Self.advice)
    }
    return choice
  }

  /// The weights that the library uses: adapted ones, else those that come with the program.
  ///
  /// - Throws: `ReadError` when adapted weights are named but missing or altered: others are never
  ///   used in their place without a word; `Assets.NotFound`.
  public func weights() throws -> URL {
    guard let choice = try choice() else {
      return try Assets.url("\(Assets.defaultModel).safetensors")
    }
    let url = file(choice.name, ".safetensors")
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw ReadError(
        path: url.path, problem: "is missing, but the library uses these weights",
        advice: Self.advice)
    }
    guard try SHA256.hexDigest(ofFile: url) == choice.sha256 else {
      throw ReadError(
        path: url.path, problem: "was altered since the library began to use it",
        advice: Self.advice)
    }
    return url
  }

  private static let advice =
    "run cordscope adapt again, or with --strategy 1 to go back to the pretrained weights"

  /// Makes the library use adapted weights that lie in the folder.
  ///
  /// - Throws: `WriteError`.
  func use(_ weights: AdaptationRecord.Weights, since: Date = Date()) throws {
    let choice = Choice(
      name: weights.name, sha256: weights.sha256, since: UTCTime.text(since),
      notice: Notice.researchUse)
    if let former = try? self.choice(), former.sha256 == choice.sha256, former.name == choice.name {
      return
    }
    try AtomicFile.write(try SnakeCaseJSON.data(choice), to: choiceFile)
  }

  /// Makes the library use the weights that come with the program; adapted ones are kept.
  ///
  /// - Returns: whether it used others before.
  /// - Throws: `LibraryError`.
  @discardableResult
  public func usePretrained() throws -> Bool {
    guard unlink(choiceFile.path) == 0 else {
      if errno == ENOENT { return false }
      throw LibraryError.cannotWrite(choiceFile.path, String(cString: strerror(errno)))
    }
    try SharedFolder.sync(folder)
    return true
  }
}
