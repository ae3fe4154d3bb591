/// How good a study's images are.
public enum QualityVerdict: String, Codable, Sendable, CaseIterable {
  /// The images can be read.
  case pass
  /// The images cannot be read.
  case fail
  /// An artefact impairs the images.
  case artifact

  /// The next in the cycle of the key: the first after none, and none after the last.
  public static func after(_ quality: QualityVerdict?) -> QualityVerdict? {
    switch quality {
    case nil: .pass
    case .pass?: .fail
    case .fail?: .artifact
    case .artifact?: nil
    }
  }

  /// The word on the screen, as other tools for quality control write it.
  public var words: String {
    switch self {
    case .pass: "Pass"
    case .fail: "Fail"
    case .artifact: "Artifact"
    }
  }
}

/// How hard something is to read.
public enum Difficulty: String, Codable, Sendable, CaseIterable {
  /// Anybody would see it.
  case easy
  /// It needs a careful look.
  case medium
  /// Readers may well differ.
  case hard

  /// The next in the cycle of the key: the first after none, and none after the last.
  public static func after(_ difficulty: Difficulty?) -> Difficulty? {
    switch difficulty {
    case nil: .easy
    case .easy?: .medium
    case .medium?: .hard
    case .hard?: nil
    }
  }
}

/// Where a finding lies: on a sagittal slice and in the patient.
public struct FindingPlace: Codable, Hashable, Sendable {
  /// Index of the source slice, left to right, from 0.
  public var slice: Int
  /// Row on the slice's canonical grid, in px of 0.78125 mm.
  public var row: Double
  /// Column on it.
  public var column: Double
  /// RAS x in mm.
  public var x: Double
  /// RAS y in mm.
  public var y: Double
  /// RAS z in mm.
  public var z: Double

  /// Makes a place; every coordinate is kept to a tenth.
  public init(slice: Int, row: Double, column: Double, ras: SIMD3<Double>) {
    func tenth(_ value: Double) -> Double { (value * 10).rounded() / 10 }
    self.slice = slice
    (self.row, self.column) = (tenth(row), tenth(column))
    (x, y, z) = (tenth(ras.x), tenth(ras.y), tenth(ras.z))
  }

  /// The slice as screens and pages count it: from the patient's left, from 1.
  public var sliceNumber: Int { slice < Int.max ? slice + 1 : slice }

  /// Whether every coordinate is a number.
  var isFinite: Bool { [row, column, x, y, z].allSatisfy(\.isFinite) }
}

/// A verdict among those that are taken over as one act.
public struct StatedVerdict: Codable, Equatable, Sendable {
  /// "C2-3" ... or `nil` for the study as a whole.
  public var segment: String?
  /// What is stated.
  public var verdict: Verdict

  /// Makes a verdict on a segment, or on the study.
  public init(_ segment: SpinalSegment?, _ verdict: Verdict) {
    self.segment = segment?.name
    self.verdict = verdict
  }
}

/// What a reader's signature means.
public enum SignatureMeaning: String, Codable, Sendable, CaseIterable {
  case reviewed
  case secondReader = "second-reader"
  case supervised
  case adjudicated

  /// The sentence that is signed.
  public var words: String {
    switch self {
    case .reviewed: "I have reviewed this study"
    case .secondReader: "reviewed as second reader"
    case .supervised: "reviewed as supervisor"
    case .adjudicated: "adjudicated between readers"
    }
  }
}

/// A reader's signature under a study.
public struct Signature: Codable, Equatable, Sendable {
  /// What it means.
  public var meaning: SignatureMeaning
  /// The reader's printed name.
  public var name: String
  /// SHA-256 of the acts that stood and of the journal's head, as `ReviewState.digest(head:)` makes it;
  /// filled in by the journal.
  public var state: String

  /// Makes a signature; the journal binds it to what is signed.
  public init(_ meaning: SignatureMeaning, name: String, state: String = "") {
    self.meaning = meaning
    self.name = name
    self.state = state
  }
}
