internal import Foundation
internal import Imaging

/// A subject's id, and the name that it was made from.
struct SubjectName: Equatable {
  /// The name as its source has it.
  var text: String
  /// The id: ASCII letters and digits.
  var id: String

  /// Whether a subject of a library bears the name: its id, or that with "x2", "x3", ... as others have
  /// it too.
  func isName(of subject: String) -> Bool {
    guard subject != id else { return true }
    guard subject.hasPrefix(id + "x") else { return false }
    let number = subject.dropFirst(id.count + 1)
    return !number.isEmpty && number.allSatisfy { ("0"..."9").contains($0) }
  }

  /// What a user must know who looks for the name and finds the id it got in the library.
  func note(placedAs subject: String) -> String? {
    text == subject ? nil : "subject \(text) is called \(subject) here"
  }
}

/// Subject ids made from file names.
enum SubjectNaming {
  /// Names that say nothing of whose image it is.
  private static let generic: Set<String> = [
    "t2", "t2w", "t2sag", "sag", "sagt2", "sagittal", "anat", "image", "img", "nii", "nifti",
    "volume", "data", "raw", "niftis", "images", "t1", "t1w", "t1sag", "sagt1", "t2s", "t2star",
    "t2starw", "flair",
  ]

  /// Words of plane and sequence, in which the names of one examination's images differ as in the contrast.
  private static let sequenceWords: Set<String> = [
    "ax", "axial", "tra", "cor", "coronal", "tse", "fse", "2d", "3d",
  ]

  /// The longest id made.
  private static let longest = 40

  /// A name for a source file: its BIDS subject, its name, or the first folder above it whose name
  /// says something.
  static func name(for url: URL) -> SubjectName {
    let file = url.lastPathComponent
    if let name = BIDSName(file), let subject = name["sub"] { return self.name(from: subject) }
    let stem = file.split(separator: ".", maxSplits: 1).first.map(String.init) ?? ""
    let folders = url.deletingLastPathComponent().pathComponents.reversed()
    for part in [withoutContrast(stem)] + folders.map({ $0 }) {
      let plain = letters(part)
      if !plain.isEmpty, !generic.contains(plain.lowercased()) {
        return SubjectName(text: part, id: String(plain.prefix(longest)))
      }
    }
    return SubjectName(text: withoutContrast(stem), id: "unnamed")
  }

  /// A name from a text the user or a dataset gives.
  static func name(from text: String) -> SubjectName {
    let bare = text.hasPrefix("sub-") ? String(text.dropFirst(4)) : text
    let plain = letters(bare)
    return SubjectName(text: bare, id: plain.isEmpty ? "unnamed" : String(plain.prefix(longest)))
  }

  /// What images of one subject have in common, whatever their contrast: their folders and names, without the
  /// words that say contrast, plane or nothing. Of BIDS names only the subject counts: sessions are of one.
  static func common(to url: URL) -> [String] {
    let folders = url.deletingLastPathComponent().pathComponents
    if let subject = BIDSName(url.lastPathComponent)?["sub"] {
      return folders.prefix { $0 != "sub-\(subject)" }.compactMap(own) + ["sub-\(subject)"]
    }
    let parts = folders.compactMap(own)
    guard let name = own(ImportSource.stem(url.lastPathComponent)), name != parts.last else {
      return parts
    }
    return parts + [name]
  }

  /// What a name says of whose image it is; `nil` where that is nothing.
  private static func own(_ name: String) -> String? {
    let words = NameHints.words(name).filter {
      !generic.contains($0) && !sequenceWords.contains($0) && !NameHints.isOtherContrast($0)
    }
    // Letters of other scripts are no words here, and tell patients apart all the same.
    let text = words.joined(separator: " ") + name.filter { !$0.isASCII }
    return text.isEmpty ? nil : text
  }

  private static func withoutContrast(_ stem: String) -> String {
    for ending in ["_T2w", "_t2w", "_T2", "_t2"] where stem.hasSuffix(ending) {
      return String(stem.dropLast(ending.count))
    }
    return stem
  }

  /// Letters that are written as others, and not as themselves without a mark.
  private static let transliterations: [Character: String] = [
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS",
    "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "oe", "Ø": "Oe", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i",
  ]

  /// The ASCII letters and digits of a text; Latin letters beyond ASCII are spelt with them, as two
  /// patients whose names differ in such letters only must not become one.
  private static func letters(_ text: String) -> String {
    // Characters compare by meaning: "u" with a combining mark is "ü".
    let spelt = text.map { transliterations[$0] ?? String($0) }.joined()
    let plain = spelt.folding(options: .diacriticInsensitive, locale: nil)
    return String(
      String.UnicodeScalarView(
        plain.unicodeScalars.filter {
          switch $0 {
          case "a"..."z", "A"..."Z", "0"..."9": true
          default: false
          }
        }))
  }
}

/// What the words of a file name say of its contents.
enum NameHints {
  /// Words of other contrasts, those first that are nearer to T2: T2*, as among DICOM series, then T1.
  private static let otherContrasts: [Set<String>] = [
    ["t2s", "t2star", "t2starw"], ["t1", "t1w"], ["pd", "pdw"], ["flair"],
    ["mt", "mton", "mtoff"], ["swi"], ["bold"], ["dwi", "dti", "adc"], ["ct"],
  ]
  private static let labels: Set<String> = [
    "seg", "dseg", "dlabel", "mask", "label", "labels", "landmarks", "centerline", "centreline",
    "segmentation", "discs", "levels", "labeled",
  ]

  /// Why a file of this name is no T2w image, or `nil`.
  static func problem(_ stem: String) -> String? {
    if let word = otherContrast(stem) {
      return "its name says \(word): a T2-weighted image is needed"
    }
    if let word = labelWord(stem) {
      return "its name says \(word): it is a label file, not an image"
    }
    return nil
  }

  /// The word of a name that says that it is of another contrast.
  static func otherContrast(_ stem: String) -> String? { words(stem).first(where: isOtherContrast) }

  /// Whether a word in small letters is that of another contrast.
  static func isOtherContrast(_ word: String) -> Bool {
    otherContrasts.contains { $0.contains(word) }
  }

  /// How far from T2 the contrast is that a name says: 0 for T2, and where it says none.
  static func distanceFromT2(_ stem: String) -> Int {
    guard let word = otherContrast(stem) else { return 0 }
    return 1 + (otherContrasts.firstIndex { $0.contains(word) } ?? otherContrasts.count)
  }

  /// The word of a name that says that it holds labels. SPINEPS' "msk" is one at the end only: elsewhere
  /// it says "musculoskeletal".
  private static func labelWord(_ stem: String) -> String? {
    words(stem).first { labels.contains($0) } ?? (stem.lowercased().hasSuffix("_msk") ? "msk" : nil)
  }

  /// Whether the name says that it holds labels.
  static func saysLabels(_ stem: String) -> Bool { labelWord(stem) != nil }

  /// Whether the name says that it is T2-weighted.
  static func saysT2(_ stem: String) -> Bool { words(stem).contains { $0 == "t2" || $0 == "t2w" } }

  /// The words of a name in small letters, of ASCII letters and digits.
  static func words(_ stem: String) -> [String] {
    stem.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(String.init)
  }
}
