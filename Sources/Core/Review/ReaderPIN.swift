public import Foundation
internal import Imaging

/// A PIN as typed, which no log, dump or message shows.
public struct PIN: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
  /// The fewest characters of a PIN.
  public static let least = 4
  /// The most.
  public static let most = 64

  private let text: String

  /// Takes what was typed.
  public init(_ text: String) { self.text = text }

  /// Hides it.
  public var description: String { "PIN" }
  /// Hides it.
  public var customMirror: Mirror { Mirror(self, children: []) }

  var bytes: [UInt8] { Array(text.utf8) }

  /// Throws unless its length will do.
  ///
  /// - Throws: `PINError.unfit`.
  public func check() throws {
    guard Self.least...Self.most ~= text.count else { throw PINError.unfit }
  }
}

/// Why a PIN is not accepted.
public enum PINError: Error, Equatable, Sendable {
  /// It is too short or too long.
  case unfit
  /// The reader has set none yet.
  case notSet
  /// The reader has one already.
  case isSet
  /// It is another one; so many tries are left.
  case wrong(left: Int)
  /// Too many wrong tries; the next is taken after so many seconds.
  case waits(seconds: Int)
}

extension PINError: CustomStringConvertible {
  /// A sentence for the user.
  public var description: String {
    switch self {
    case .unfit: "a PIN has \(PIN.least) to \(PIN.most) characters"
    case .notSet: "no PIN is set yet"
    case .isSet: "a PIN is set already"
    case .wrong(let left): "wrong PIN, \(left) \(left == 1 ? "try" : "tries") left"
    case .waits(let seconds): "too many wrong PINs: wait \(seconds) s"
    }
  }
}

/// A reader's PIN as stored: PBKDF2-HMAC-SHA-256 of it with a random salt, never the PIN itself.
///
/// Each reader's file lies in `derivatives/cordscope/readers`, a folder of the group in which nobody
/// can replace another's files (sticky), with mode 0600. The private folder would not do: it belongs to
/// the one login that imports, and every reader signs.
public struct ReaderPIN: Equatable, Sendable, Codable {
  /// Rounds for new PINs.
  static let rounds = 210_000
  /// Rounds of a file that is taken: fewer are too weak, more would never end.
  static let acceptedRounds = 200_000...5_000_000
  private static let algorithm = "PBKDF2-HMAC-SHA256"

  private var algorithm: String
  private var rounds: Int
  private var salt: String
  private var key: String

  /// Derives the stored form; takes about a second at the default rounds.
  ///
  /// - Throws: `PINError.unfit`.
  public init(_ pin: PIN) throws { try self.init(pin, rounds: Self.rounds) }

  init(_ pin: PIN, rounds: Int) throws {
    try pin.check()
    var random = SystemRandomNumberGenerator()
    let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    algorithm = Self.algorithm
    self.rounds = rounds
    self.salt = Self.hex(salt)
    key = Self.hex(PBKDF2.key(password: pin.bytes, salt: salt, rounds: rounds))
  }

  /// Whether a PIN is the one stored, compared in constant time.
  public func accepts(_ pin: PIN) -> Bool {
    guard let salt = Self.bytes(salt), let key = Self.bytes(key) else { return false }
    return HMACSHA256.areEqual(
      PBKDF2.key(password: pin.bytes, salt: salt, rounds: rounds, length: key.count), key)
  }

  /// The folder of a library's PINs.
  static func folder(library root: URL) -> URL {
    root.appendingPathComponent("derivatives/cordscope/readers")
  }

  static func url(library root: URL, reader: String) -> URL {
    folder(library: root).appendingPathComponent("\(ReaderIdentity.sanitised(reader)).pin.json")
  }

  /// Reads a reader's PIN; `nil` where none is set.
  ///
  /// - Throws: `ReadError` naming the file when it is damaged, open to others, or another login's.
  public static func read(library root: URL, reader: String) throws -> ReaderPIN? {
    let url = url(library: root, reader: reader)
    var info = stat()
    guard lstat(url.path, &info) == 0 else {
      if errno == ENOENT { return nil }
      throw ReadError(path: url.path, problem: String(cString: strerror(errno)), advice: nil)
    }
    guard info.st_mode & 0o077 == 0 else {
      throw ReadError(
        path: url.path, problem: "is open to others", advice: "chmod 600 it and set a new PIN")
    }
    let bytes = try FileBytes.read(url, limit: 4096)
    guard let pin = try? JSONDecoder().decode(ReaderPIN.self, from: Data(bytes)),
      pin.algorithm == algorithm, acceptedRounds.contains(pin.rounds),
      Self.bytes(pin.salt)?.count == 16, Self.bytes(pin.key)?.count == 32
    else {
      throw ReadError(
        path: url.path, problem: "holds no PIN that this version knows",
        advice: "remove it to set a new PIN")
    }
    return pin
  }

  /// Writes a reader's first PIN.
  ///
  /// - Throws: `PINError.isSet`, `LibraryError.cannotWrite`, `WriteError`.
  func write(library root: URL, reader: String) throws {
    let url = Self.url(library: root, reader: reader)
    try Self.makeFolder(library: root)
    var info = stat()
    guard lstat(url.path, &info) != 0, errno == ENOENT else { throw PINError.isSet }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(try encoder.encode(self) + Data("\n".utf8), to: url, permissions: 0o600)
  }

  static func makeFolder(library root: URL) throws {
    let folder = folder(library: root)
    try SharedFolder.make(folder.deletingLastPathComponent())
    if mkdir(folder.path, 0o770) == 0 {
      // Sticky: what a reader put here nobody else of the group can remove.
      guard chmod(folder.path, 0o3770) == 0 else {
        throw LibraryError.cannotWrite(folder.path, String(cString: strerror(errno)))
      }
      return
    }
    guard errno == EEXIST else {
      throw LibraryError.cannotWrite(folder.path, String(cString: strerror(errno)))
    }
    var info = stat()
    guard lstat(folder.path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else {
      throw LibraryError.cannotWrite(folder.path, "it is no folder")
    }
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func bytes(_ hex: String) -> [UInt8]? {
    let digits = hex.compactMap(\.hexDigitValue)
    guard digits.count == hex.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }
}
