public import Foundation
public import Imaging

/// JSON sidecars with `GeneratedBy` lists, which are appended to and never replaced.
public enum Provenance {
  /// A value of a sidecar.
  public enum Value: Sendable {
    /// A text.
    case text(String)
    /// A number.
    case number(Double)
    /// A list of texts.
    case list([String])

    fileprivate var json: Any {
      switch self {
      case .text(let text): text
      case .number(let number): number
      case .list(let list): list
      }
    }
  }

  /// One entry of a `GeneratedBy` list.
  public struct Entry: Equatable, Sendable {
    /// The tool's name.
    public var name: String
    /// Its version, or `nil`.
    public var version: String?
    /// What it did.
    public var details: String?
    /// Who used it, where a person did the work.
    public var author: String?
    /// When, "2026-11-22 10:42:07" in UTC.
    public var date: String?

    /// Makes an entry.
    public init(name: String, version: String?, details: String? = nil) {
      self.name = name
      self.version = version
      self.details = details
    }

    /// This program.
    public static func cordscope(_ details: String? = nil) -> Entry {
      Entry(name: "Cordscope", version: Notice.version, details: details)
    }

    /// A reader, by hand, in the words of SCT's `manual_correction.py`.
    public static func manual(by author: String, at time: String, _ details: String) -> Entry {
      var entry = Entry(name: "Manual", version: nil, details: details)
      entry.author = author
      entry.date = String(time.replacing("T", with: " ").prefix(19))
      return entry
    }

    fileprivate var json: [String: String] {
      var result = ["Name": name]
      result["Author"] = author
      result["Date"] = date
      result["Version"] = version
      result["Description"] = details
      return result
    }
  }

  /// Sets keys of a sidecar, made when absent, and appends to its `GeneratedBy` unless its last
  /// entry says the same; all else in the file stays but the keys to remove.
  ///
  /// - Throws: `ReadError` when the file is there but no JSON object; it is then left as it is.
  public static func update(
    _ url: URL, set values: [String: Value] = [:], removing keys: [String] = [],
    appending entry: Entry, rights: FileRights = .group
  ) throws {
    let bytes = try data(
      on: try read(url) ?? [:], set: values, removing: keys, appending: entry)
    try AtomicFile.write(bytes, to: url, permissions: rights.fileMode)
  }

  /// The bytes of a sidecar with what `update` changes in it.
  ///
  /// - Parameter former: the object that is changed; empty where there is none.
  /// - Throws: what encoding throws.
  static func data(
    on former: [String: Any], set values: [String: Value] = [:], removing keys: [String] = [],
    appending entry: Entry
  ) throws -> Data {
    var object = former
    for key in keys { object[key] = nil }
    for (key, value) in values { object[key] = value.json }
    var history: [Any]
    switch object["GeneratedBy"] {
    case nil: history = []
    case let list as [Any]: history = list
    case let other?: history = [other]
    }
    if (history.last as? [String: String]) != entry.json { history.append(entry.json) }
    object["GeneratedBy"] = history
    let options: JSONSerialization.WritingOptions = [
      .prettyPrinted, .sortedKeys, .withoutEscapingSlashes,
    ]
    return try JSONSerialization.data(withJSONObject: object, options: options) + Data("\n".utf8)
  }

  /// The value of a key of a sidecar as text, if there is one; no sidecar is no value.
  ///
  /// - Throws: `ReadError` when the file is there but no JSON object.
  public static func text(_ key: String, in url: URL) throws -> String? {
    try read(url)?[key] as? String
  }

  /// A JSON object from a file; `nil` when it is absent.
  static func read(_ url: URL) throws -> [String: Any]? {
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let bytes = try FileBytes.read(url, limit: 64 << 20)
    let object = try? JSONSerialization.jsonObject(with: Data(bytes))
    guard let object = object as? [String: Any] else {
      throw ReadError(
        path: url.path, problem: "is not a JSON object",
        advice: "repair it or move it away; it is not overwritten")
    }
    return object
  }
}
