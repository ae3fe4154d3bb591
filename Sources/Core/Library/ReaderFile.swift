internal import Foundation
public import Imaging

/// A text in which a reader keeps a way of working of their own.
public enum ReaderFile: String, Sendable, CaseIterable {
  /// Saved views of the worklist.
  case views
  /// Named sequences of commands and statements.
  case macros
  /// What stands beside a study when it is opened, and how the study is drawn.
  case hanging
  /// The printed name under the latest signature.
  case signer

  /// The largest file that is read, in bytes.
  static let largest = 262_144
}

/// The text of a reader's file, and where it lies.
public struct ReaderText: Equatable, Sendable {
  /// The text; empty before anything was kept.
  public var text: String
  /// The file's path, for what is said of it.
  public var path: String

  /// Makes a text.
  public init(text: String, path: String) {
    self.text = text
    self.path = path
  }

  /// What is said of a line of such a text that cannot be read.
  public static func mistake(_ problem: String, line: Int, of path: String) -> ReadError {
    ReadError(
      path: path, field: "line \(line)", problem: problem,
      advice: "mend the line, or move the file away to begin anew")
  }
}

extension ReaderFile {
  private func url(library root: URL, _ reader: String) -> URL {
    ReaderPIN.folder(library: root)
      .appendingPathComponent("\(ReaderIdentity.sanitised(reader)).\(rawValue).txt")
  }

  /// A reader's text in a library; an empty one before anything was kept.
  ///
  /// - Throws: `ReadError`, also where the file is not the user's own.
  func read(library root: URL, reader: String) throws -> ReaderText {
    let url = url(library: root, reader)
    guard let bytes = try OwnFile.bytes(url, limit: Self.largest) else {
      return ReaderText(text: "", path: url.path)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ReadError(path: url.path, problem: "is no UTF-8 text", advice: "move the file away")
    }
    return ReaderText(text: text, path: url.path)
  }

  /// Changes a reader's text; one that cannot be read, or that `change` refuses, is never replaced.
  ///
  /// - Throws: `ReadError`, `LibraryError.cannotWrite`, `WriteError`, what `change` throws.
  func change(
    library root: URL, reader: String, _ change: (ReaderText) throws -> String
  ) throws -> ReaderText {
    // What a session of the same reader writes meanwhile is not lost. Before anything was kept there is
    // no folder, and what is refused makes none.
    let folder = ReaderPIN.folder(library: root)
    var lock: FolderLock?
    if FolderEntries.isFolder(folder.path) {
      lock = FolderLock(itself: folder)
      guard lock != nil else {
        throw LibraryError.cannotWrite(
          url(library: root, reader).path, "another session is writing there; try again")
      }
    }
    defer { lock?.release() }
    let before = try read(library: root, reader: reader)
    let after = ReaderText(text: try change(before), path: before.path)
    guard after != before else { return after }
    guard after.text.utf8.count <= Self.largest else {
      throw LibraryError.cannotWrite(after.path, "it would be larger than \(Self.largest) bytes")
    }
    try ReaderPIN.makeFolder(library: root)
    // As the PINs beside it, a reader's file is the reader's own.
    try AtomicFile.write(after.text, to: url(library: root, reader), permissions: 0o600)
    return after
  }
}

extension StudyLibrary {
  /// A reader's text in this library; an empty one before anything was kept.
  ///
  /// - Throws: `ReadError`.
  public func readerText(_ file: ReaderFile, reader: String) throws -> ReaderText {
    try file.read(library: root, reader: reader)
  }

  /// Changes a reader's text; one that cannot be read, or that `change` refuses, is never replaced.
  ///
  /// - Throws: `ReadError`, `LibraryError.cannotWrite`, `WriteError`, what `change` throws.
  public func changeReaderText(
    _ file: ReaderFile, reader: String, _ change: (ReaderText) throws -> String
  ) throws -> ReaderText {
    try file.change(library: root, reader: reader, change)
  }
}
