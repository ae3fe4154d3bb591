public import Foundation
internal import Imaging

/// Who reads: the login's name, unless the library's `readers.tsv` maps it.
public enum ReaderIdentity {
  /// The reader id of the person at the terminal.
  ///
  /// - Throws: `ReadError` when `readers.tsv` is there but cannot be read.
  public static func current(library root: URL) throws -> String {
    try reader(login: loginName(), library: root)
  }

  /// The reader id of a login.
  ///
  /// - Throws: `ReadError` when `readers.tsv` is there but cannot be read.
  public static func reader(login: String, library root: URL) throws -> String {
    try ReaderTable(library: root).reader(login: login)
  }

  /// The name of the account that runs this process; never taken from the environment.
  public static func loginName() -> String { login }

  /// Asked once: `getpwuid` keeps its answer where the next call of any thread writes its own.
  private static let login: String = {
    guard let entry = getpwuid(geteuid()) else { return "uid\(geteuid())" }
    return String(cString: entry.pointee.pw_name)
  }()

  /// An id that can stand in a BIDS file name: ASCII letters and digits, at most 32.
  ///
  /// Whatever had to be changed is told apart by the first hexadecimal digits of the name's SHA-256,
  /// so that two people never share a journal by accident.
  public static func sanitised(_ name: String) -> String {
    let kept = name.unicodeScalars.filter {
      switch $0 {
      case "a"..."z", "A"..."Z", "0"..."9": true
      default: false
      }
    }
    let plain = String(String.UnicodeScalarView(kept))
    if plain == name, !plain.isEmpty, plain.count <= 32 { return plain }
    return plain.prefix(24) + "x" + SHA256.hexDigest(of: name).prefix(8)
  }
}
