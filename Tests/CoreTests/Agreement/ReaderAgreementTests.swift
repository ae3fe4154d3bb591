import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Agreement of readers")
struct ReaderAgreementTests {
  private let bootstrap = Bootstrap(resamples: 200, seed: 3)

  private func study(_ number: Int, _ readings: [String: [Verdict?]]) -> SignedStudy {
    SignedStudy(
      patient: "p\(number)",
      readings: readings.sorted { $0.key < $1.key }.map { reader, verdicts in
        var stated: [SpinalSegment: Verdict] = [:]
        for (segment, verdict) in zip(SpinalSegment.allCases, verdicts) {
          stated[segment] = verdict
        }
        return SignedReading(reader: reader, verdicts: stated)
      })
  }

  @Test("Two readers have Cohen's kappa of each segment and of all, with an interval around it")
  func two() throws {
    // On C2-3 they agree on 9 of 12; elsewhere always.
    let studies = (0..<12).map { number -> SignedStudy in
      let first: Verdict = number < 6 ? .present : .absent
      let second: Verdict = [0, 6, 7].contains(number) ? (number == 0 ? .absent : .present) : first
      let rest = Array(repeating: Verdict?.some(number % 2 == 0 ? .present : .absent), count: 5)
      return study(number, ["anna": [first] + rest, "liu": [second] + rest])
    }
    let agreement = try ReaderAgreement(studies, bootstrap: bootstrap)
    #expect(agreement.readers == ["anna", "liu"] && agreement.studies == 12)
    #expect(agreement.segments.map(\.name) == SpinalSegment.allCases.map(\.name) + ["all"])
    let c2c3 = agreement.segments[0]
    #expect(c2c3.method == .cohen && c2c3.studies == 12 && c2c3.segments == 12)
    #expect(c2c3.agreement?.estimate == 0.75)
    // Present 6 of 12 and 7 of 12: chance gives 0.5 * 7/12 + 0.5 * 5/12 = 0.5.
    let kappa = try #require(c2c3.kappa)
    #expect(abs(kappa.estimate - 0.5) < 1e-12)
    #expect(kappa.lower < 0.5 && kappa.upper > 0.5 && kappa.lower >= -1 && kappa.upper <= 1)
    #expect(agreement.segments[1].kappa?.estimate == 1)
    #expect(agreement.segments[6].segments == 72 && agreement.segments[6].studies == 12)
    #expect(agreement.pairs.isEmpty)
    #expect(agreement.text.contains("C2-3") && agreement.text.contains("75.0 ["))
  }

  @Test("Cannot tell is a category of its own, and a segment counts where two stated something")
  func cannotTell() throws {
    let studies = (0..<10).map { number in
      study(
        number,
        [
          "anna": [.cannotTell, .present, number < 4 ? nil : .absent],
          "liu": [.absent, .present, number % 2 == 0 ? .absent : .present],
        ])
    }
    let agreement = try ReaderAgreement(studies, bootstrap: bootstrap)
    #expect(agreement.segments[0].agreement?.estimate == 0)
    #expect(agreement.segments[1].agreement?.estimate == 1 && agreement.segments[1].kappa == nil)
    #expect(agreement.segments[1].remark == "all verdicts are the same")
    // They agree on three of six: few, and said to be.
    #expect(agreement.segments[2].studies == 6)
    #expect(agreement.segments[2].agreement?.estimate == 0.5 && agreement.segments[2].isFew)
    #expect(
      agreement.segments[2].remark
        == "only one verdict of anna throughout: kappa can only be 0; few studies")
    #expect(agreement.segments[5].studies == 0 && agreement.segments[5].agreement == nil)
    #expect(agreement.segments[5].remark == "no study")
    let json = try JSONSerialization.jsonObject(with: agreement.json()) as? [String: Any]
    #expect((json?["segments"] as? [[String: Any]])?.count == 7)
    #expect(json?["categories"] as? [String] == ["present", "absent", "cannot-tell"])
  }

  @Test("An interval without a width says why")
  func noWidth() throws {
    let studies = (0..<12).map { number in
      let anna: Verdict = number % 3 == 0 ? .present : .absent
      return study(
        number, ["anna": [anna, anna, .present], "bob": [.absent, anna, .present]])
    }
    let agreement = try ReaderAgreement(studies, bootstrap: bootstrap)
    let (single, perfect, same) = (
      agreement.segments[0], agreement.segments[1], agreement.segments[2]
    )
    #expect(single.kappa?.estimate == 0 && single.kappa?.lower == single.kappa?.upper)
    #expect(single.remark == "only one verdict of bob throughout: kappa can only be 0")
    #expect(perfect.kappa?.estimate == 1)
    #expect(perfect.remark == "no verdict differs: the interval has no width")
    #expect(same.kappa == nil && same.remark == "all verdicts are the same")
    // All segments together have an interval, and no remark.
    #expect(agreement.segments[6].remark == nil)
    #expect(agreement.text.contains("Cohen  (only one verdict of bob throughout"))
    let json = try JSONSerialization.jsonObject(with: agreement.json()) as? [String: Any]
    let rows = try #require(json?["segments"] as? [[String: Any]])
    #expect(rows[0]["remark"] as? String == single.remark && rows[6]["remark"] == nil)
    // Three readers of whom one states one thing: Fleiss's kappa is not held at 0 by it.
    let three = studies.enumerated().map { number, two in
      SignedStudy(
        patient: two.patient,
        readings: two.readings + [
          SignedReading(reader: "liu", verdicts: [.c2c3: number % 2 == 0 ? .present : .absent])
        ])
    }
    #expect(try ReaderAgreement(three, bootstrap: bootstrap).segments[0].remark == nil)
  }

  @Test("Three readers have Fleiss's kappa and a pair's for each pair; names change nothing")
  func three() throws {
    let agreement = try self.agreement(of: ["anna", "bob", "liu"])
    #expect(agreement.segments[0].method == .fleiss && agreement.pairs.count == 3)
    #expect(agreement.pairs.map(\.name) == ["anna, bob", "anna, liu", "bob, liu"])
    #expect(agreement.pairs[0].kappa?.estimate == 1)
    #expect(agreement.pairs[1].kappa == agreement.pairs[2].kappa)
    // 9 of 15 studies are unanimous, in the others one of three pairs agrees.
    #expect(abs((agreement.segments[0].agreement?.estimate ?? 0) - (9 + 6.0 / 3) / 15) < 1e-12)
    let renamed = try self.agreement(of: ["liu", "anna", "bob"])
    #expect(renamed.segments == agreement.segments)
  }

  private func agreement(of names: [String]) throws -> ReaderAgreement {
    try ReaderAgreement(
      (0..<15).map { number in
        let own: [Verdict?] = [number % 3 == 0 ? .present : .absent]
        let other: [Verdict?] = [number % 5 == 0 ? .present : .absent]
        return study(number, [names[0]: own, names[1]: own, names[2]: other])
      }, bootstrap: bootstrap)
  }

  @Test("A single study that two signed is refused with its number")
  func tooFew() {
    let one = (0..<30).map { study($0, ["anna": [.present]]) }
    let shared = [study(30, ["anna": [.present], "liu": [.absent]])]
    for (count, studies) in [(0, one), (1, one + shared)] {
      let error = #expect(throws: AgreementError.self) {
        try ReaderAgreement(studies, bootstrap: bootstrap)
      }
      #expect(error == .tooFew(count))
    }
    #expect(
      "\(AgreementError.tooFew(1))"
        == "1 study is signed by two readers or more; agreement needs 2")
  }

  @Test("From two studies on there are figures with intervals, below ten said to be of few")
  func few() throws {
    func shared(_ count: Int) throws -> ReaderAgreement {
      try ReaderAgreement(
        (0..<count).map { number in
          let anna: Verdict = number % 2 == 0 ? .present : .absent
          let liu: Verdict = number == 0 ? .absent : anna
          return study(number, ["anna": [anna, anna], "liu": [liu, anna]])
        }, bootstrap: bootstrap)
    }
    for count in [2, 7, 9] {
      let agreement = try shared(count)
      let row = agreement.segments[0]
      let share = try #require(row.agreement)
      #expect(agreement.studies == count && row.isFew)
      #expect(abs(share.estimate - Double(count - 1) / Double(count)) < 1e-12)
      #expect(share.lower < share.estimate && share.upper == 1)
      #expect(row.remark?.contains("few studies") == true)
      // Where all agree the interval has no width, which is no certainty.
      #expect(
        agreement.segments[1].remark
          == "no verdict differs: the interval has no width; few studies")
      #expect(agreement.text.contains("Fewer than 10 studies: the intervals are wide"))
      let json = try JSONSerialization.jsonObject(with: agreement.json()) as? [String: Any]
      #expect(json?["least_studies"] as? Int == 2 && json?["few_studies"] as? Int == 10)
    }
    #expect(try shared(7).segments[0].remark == "few studies: the interval is wide")
    let ten = try shared(10)
    #expect(ten.segments[0].remark == nil && !ten.text.contains("Fewer than"))
  }

  @Test("What counts is the first signature, and no supervisor's")
  func firstSignature() throws {
    func signed(_ meaning: SignatureMeaning) throws -> (ReviewJournal, MemoryJournal) {
      let disk = MemoryJournal()
      let journal = try ReviewJournal(storage: disk, reader: "anna")
      _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present))
      #expect(SignedReading(journal.contents.records, reader: "anna") == nil)
      _ = try journal.append(.signOff(meaning, name: "Anna"))
      return (journal, disk)
    }
    let journal = try signed(.secondReader).0
    _ = try journal.append(ReviewDraft(action: .reopen, comment: "slip"))
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent))
    _ = try journal.append(.signOff(.reviewed, name: "Anna"))
    let reading = try #require(SignedReading(journal.contents.records, reader: "anna"))
    #expect(reading.verdicts == [.c4c5: .present])
    let supervisor = try signed(.adjudicated).0
    #expect(SignedReading(supervisor.contents.records, reader: "anna") == nil)
  }
}
