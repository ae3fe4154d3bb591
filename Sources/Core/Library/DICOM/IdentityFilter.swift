internal import Foundation
internal import Imaging

/// Keeps what identifies a patient out of what is written to a library.
///
/// Descriptions are cleaned as the Clean Descriptors Option of DICOM PS3.15 (Annex E.3.3) wants it, by a
/// list of the words that may stay: a word that nobody knows may be somebody's name.
struct IdentityFilter {
  /// Words of names, numbers and dates of the patient, and of people and places around the patient, in
  /// small letters without marks.
  private let forbidden: Set<String>

  /// Knows nobody: of descriptions known words are kept all the same.
  init() { forbidden = [] }

  /// Knows a patient.
  init(_ patient: DICOMPatient) {
    var words: [String] = []
    if let name = patient.name {
      for writing in [name.alphabetic, name.ideographic, name.phonetic] {
        words += SeriesWords(writing).words
      }
    }
    for text in [patient.id, patient.accessionNumber] {
      words += SeriesWords(text).words
      words.append((text ?? "").lowercased())
    }
    if let birth = patient.birthDate { words += [birth, birth.replacing("-", with: "")] }
    // "Spine Clinic": words that may stand in any description tell nothing of a place.
    let around = patient.others.flatMap { SeriesWords($0).words }
      .filter { $0.count > 2 && !Self.known.contains($0) }
    forbidden = Set(words.filter { $0.count > 1 } + around)
  }

  /// Knows words of a patient, and texts of people and places around the patient.
  init(patient words: [String], around texts: [String]) {
    let around = texts.flatMap { SeriesWords($0).words }
      .filter { $0.count > 2 && !Self.known.contains($0) }
    forbidden = Set(words.filter { $0.count > 1 } + around)
  }

  /// Knows whoever one of two knows.
  init(_ a: IdentityFilter, _ b: IdentityFilter) { forbidden = a.forbidden.union(b.forbidden) }

  /// Whether a word may stand in any description.
  static func isKnown(_ word: String) -> Bool { known.contains(word) }

  /// A description's harmless words joined by blanks, or `nil` when none is left.
  func description(_ text: String?) -> String? {
    let words = SeriesWords(text).words.filter { isHarmless($0) }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  /// A text of a scanner, such as its manufacturer, without words of the patient; `nil` when none is
  /// left.
  func device(_ text: String?) -> String? {
    guard let text else { return nil }
    let plain = sentence(text).cleaned(limit: 64)
    return plain.isEmpty ? nil : plain
  }

  /// A sentence of this program without words of the patient that a description may have brought in.
  func sentence(_ text: String) -> String {
    text.split(separator: " ").filter { !holdsIdentity(String($0)) }.joined(separator: " ")
  }

  /// Coded values (CS: capitals, digits, blank, underscore; PS3.5 section 6.2) that hold no word of the
  /// patient, and no run of digits as dates and numbers have.
  func codes(_ values: [String]) -> [String] {
    values.filter { value in
      value.utf8.count <= 16 && !value.isEmpty && !holdsIdentity(value)
        && !value.split(whereSeparator: { !$0.isASCIIDigit }).contains { $0.count > 4 }
        && value.utf8.allSatisfy { byte in
          (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x20
            || byte == 0x5F
        }
    }
  }

  private func holdsIdentity(_ text: String) -> Bool {
    let words = SeriesWords(text).words
    return words.contains { word in
      forbidden.contains { word == $0 || $0.count > 3 && word.contains($0) }
    }
  }

  private func isHarmless(_ word: String) -> Bool {
    guard !forbidden.contains(word), !holdsIdentity(word) else { return false }
    // Numbers of up to three digits are sizes and factors; longer ones may be dates or identifiers.
    if word.allSatisfy(\.isASCIIDigit) { return word.count <= 3 }
    if Self.known.contains(word) { return true }
    var stem = word[...]
    var digits = 0
    while let last = stem.last, last.isASCIIDigit {
      stem.removeLast()
      digits += 1
    }
    return digits <= 3 && Self.known.contains(String(stem))
  }

  /// Words of sequences, planes, regions and their making, in the languages met with.
  private static let known = Set(
    """
    t t1 t2 t1w t2w t2s t2star pd pdw ti te tr ir se gr tse fse ffe tfe gre spgr flash haste space cube vista \
    view drive blade propeller multivane frfse turbo spin echo tir tirm stir flair spair spir fs fatsat fat sat \
    sfs dixon mdixon ideal water in opp out phase w f ip op medic merge mffe swi ciss fiesta trufi mprage bravo \
    vibe restore rst tra trans transversal transverse ax axial axiaal sag sagittal sagittale cor coronal koronar \
    obl oblique para iso isotropic 2d 3d d p s hr high res resolution highres fast quick long short thin thick \
    dyn dynamic pre post gd km ce gado contrast nativ native plain mpr mip cs grappa sense ipat asset arc smart \
    deep dl air recon dlr boost dis nd norm nu filter fil loc localizer scout survey c spine cspine cerv cervical \
    cervicale zervikal hws hals halswirbelsaule neck nacken ct cth ctl thor thoracic thorakal bws tspine lumbar \
    lumbal lws lspine lsp ls spinal cord myelo myelon canal full whole total all upper lower mid stack slices slice \
    rep repeat repeated run number nr no mr mri mrt irm rm study protocol head brain skull kopf exam routine \
    standard with without und and of the mm tesla kopie copy flex ext flexion extension upright supine 頸椎 頚椎 颈椎 矢状 横断
    """.split(whereSeparator: { $0 == " " || $0.isNewline }).map(String.init))
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
