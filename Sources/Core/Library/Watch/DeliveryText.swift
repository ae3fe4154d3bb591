internal import Foundation
internal import Imaging

/// Takes paths and file names of a delivery out of texts for a log: folders are called by patients.
struct DeliveryText {
  /// What the delivery is called in a log: eight digits of a keyed hash of its path.
  let key: String
  private let folder: String
  private let paths: [String]
  private let names: [String]

  /// Knows a delivery to a folder.
  init(_ delivery: DropFolder.Delivery, in folder: URL, key: String) {
    self.key = key
    self.folder = folder.path
    var paths: Set<String> = []
    var names: Set<String> = []
    for file in delivery.files {
      var url = file
      // A folder that was added ends the way up: the others above it were too.
      while url.path.count > folder.path.count, paths.insert(url.path).inserted {
        // The slices of a series are never named without their path; images and masks are.
        if url != file || delivery.files.count <= Self.fewFiles {
          names.insert(url.lastPathComponent)
          names.insert(ImportSource.stem(url.lastPathComponent))
        }
        url = url.deletingLastPathComponent()
      }
    }
    self.paths = Self.longestFirst(paths)
    // Short names are in many words; they were part of a path then.
    self.names = Self.longestFirst(names.filter { $0.count > 3 })
  }

  private static let fewFiles = 1000

  private static func longestFirst(_ texts: Set<String>) -> [String] {
    texts.sorted { ($1.count, $0) < ($0.count, $1) }
  }

  /// A text in one line without paths and names of the delivery.
  func cleaned(_ text: String) -> String {
    var result = text.replacing("\n", with: ";")
    // Errors show paths with control characters replaced.
    if result.contains(folder.cleaned) {
      for path in paths where result.contains(path.cleaned) {
        result = result.replacing(path.cleaned, with: "delivery \(key)")
      }
    }
    for name in names where result.contains(name.cleaned) {
      result = result.replacing(name.cleaned, with: "(a file)")
    }
    // A path that was cut short.
    if let range = result.range(of: folder.cleaned + "/") {
      result = result[..<range.lowerBound] + "(a path)"
    }
    return result.cleaned
  }
}
