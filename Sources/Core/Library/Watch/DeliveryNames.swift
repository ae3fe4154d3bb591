internal import Foundation
internal import Imaging

/// What a delivery, its files and its folders are called where nobody may learn their names: by eight
/// digits of keyed hashes.
struct DeliveryNames {
  /// The delivery's own digits.
  let key: String
  private let place: URL
  private let hash: (String) -> String

  /// Knows a delivery.
  ///
  /// - Parameter hash: the keyed hash of a text.
  init(_ delivery: DropFolder.Delivery, key: String, hash: @escaping (String) -> String) {
    (self.key, self.place, self.hash) = (key, delivery.place, hash)
  }

  /// The delivery.
  var name: String { "delivery \(key)" }

  /// What a file or folder of the delivery is called. The path above the delivery plays no part, so that a
  /// copy of it elsewhere has the same names.
  func name(of url: URL, isFile: Bool) -> String {
    let path = url.path
    guard path != place.path else { return name }
    let below = String(decoding: path.utf8.dropFirst(place.path.utf8.count), as: UTF8.self)
    return "\(isFile ? "file" : "folder") \(hash("path\u{1F}" + below).prefix(8))"
  }

  /// Texts with paths in place of names, for those who may know; names of what is not there any more stay.
  func resolved(_ texts: [String], files: [URL]) -> [String] {
    guard texts.contains(where: { $0.contains(Self.pattern) }) else { return texts }
    var paths: [String: String] = [:]
    for part in Self.parts(of: files, below: place) {
      paths[name(of: part.url, isFile: part.isFile)] = part.url.path.cleaned
    }
    return texts.map { text in
      text.replacing(Self.pattern) { match in
        match.output.1 == "delivery"
          ? place.path.cleaned : paths[String(match.output.0)] ?? String(match.output.0)
      }
    }
  }

  private static var pattern: Regex<(Substring, Substring)> {
    #/(delivery|file|folder) [0-9a-f]{8}/#
  }

  /// Files and the folders that they lie in, each once, as far as these lie below a folder.
  static func parts(of files: [URL], below folder: URL) -> [(url: URL, isFile: Bool)] {
    var seen: Set<String> = []
    var result: [(url: URL, isFile: Bool)] = []
    for file in files {
      var url = file
      // A folder that was added ends the way up: the others above it were too.
      while url.path.utf8.count > folder.path.utf8.count, seen.insert(url.path).inserted {
        result.append((url, url == file))
        url = url.deletingLastPathComponent()
      }
    }
    return result
  }
}
