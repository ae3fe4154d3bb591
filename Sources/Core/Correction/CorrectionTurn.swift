internal import Foundation
internal import Imaging

/// The label files of a saved correction as they were before it and as it left them, between which undo and
/// redo go.
///
/// Any step may be the last before a kill: what a name holds is then of either side, which the same undo or
/// redo, asked for again, brings to an end.
struct CorrectionTurn {
  /// One file name.
  private struct Part {
    var label: VersionedLabel
    var before: VersionedLabel.Contents?
    var after: VersionedLabel.Contents?
    /// What it holds, in words.
    var words: String
  }

  private let isUndo: Bool
  /// In the order in which they are put: boundaries that win over discs are there before those go, and go
  /// after those are there.
  private let parts: [Part]

  /// Makes the turn of a correction.
  ///
  /// - Throws: `EditRefusal` where the journal does not say what the correction took the place of.
  init(_ note: CorrectionNote, isUndo: Bool, in folder: URL, stem: String) throws {
    guard let origin = note.origin, origin.namesHashesOnly, CorrectionOrigin.isHash(note.after),
      !origin.isVersionKept || note.before.map(CorrectionOrigin.isHash) == true
    else {
      throw EditRefusal("the journal does not say what it took the place of")
    }
    func label(_ role: LabelRole) -> VersionedLabel {
      VersionedLabel(url: folder.appendingPathComponent(stem + role.ending + ".nii.gz"))
    }
    let kept = origin.isVersionKept ? note.before : nil
    var parts = [
      Part(
        label: label(note.target.role),
        before: kept.map { VersionedLabel.Contents(file: $0, sidecar: origin.sidecar) },
        after: VersionedLabel.Contents(file: note.after, sidecar: origin.newSidecar),
        words: note.target.words)
    ]
    if let boundaries = origin.boundaries {
      parts.append(
        Part(
          label: label(.levels),
          before: VersionedLabel.Contents(file: boundaries, sidecar: origin.boundariesSidecar),
          after: nil, words: CorrectionTarget.boundaries.words))
    }
    self.isUndo = isUndo
    self.parts = isUndo ? parts.reversed() : parts
  }

  /// Whether every name holds what the turn begins from, and nothing of it has been done.
  var isWhole: Bool {
    get throws {
      try parts.allSatisfy { try $0.label.contents()?.file == from($0)?.file }
    }
  }

  /// Refuses where a name holds what is of neither side, or what another reader has saved since.
  ///
  /// - Throws: `EditRefusal` with who it was, `ReadError`.
  func check(by reader: String) throws {
    for part in parts {
      let now = try part.label.contents()
      guard now?.file == from(part)?.file || now?.file == to(part)?.file else {
        throw EditRefusal(changed(part, now, by: reader))
      }
      let sidecars = [from(part)?.sidecar, to(part)?.sidecar]
      if let now, !sidecars.contains(now.sidecar), let hand = part.label.lastHand(),
        hand.author != reader
      {
        throw EditRefusal(changed(part, now, by: reader))
      }
    }
  }

  /// Puts every name's contents in place.
  ///
  /// - Throws: as `VersionedLabel.put(_:)`; what was done stands until it is restored.
  func make() throws {
    for part in parts { try part.label.put(to(part)) }
  }

  /// What the names hold, to be put back.
  ///
  /// - Throws: `ReadError`.
  func contents() throws -> [VersionedLabel.Contents?] { try parts.map { try $0.label.contents() } }

  /// Puts back what the names held.
  func restore(_ former: [VersionedLabel.Contents?]) {
    for (part, contents) in zip(parts, former).reversed() { try? part.label.put(contents) }
  }

  private func from(_ part: Part) -> VersionedLabel.Contents? { isUndo ? part.after : part.before }

  private func to(_ part: Part) -> VersionedLabel.Contents? { isUndo ? part.before : part.after }

  private func changed(
    _ part: Part, _ now: VersionedLabel.Contents?, by reader: String
  ) -> String {
    guard now != nil else { return "the \(part.words) were set aside or removed since" }
    guard let hand = part.label.lastHand() else { return "the \(part.words) were changed since" }
    let who = hand.author == reader ? "you" : hand.author
    return "\(who) corrected the \(part.words) since" + (hand.date.map { ", on \($0) UTC" } ?? "")
  }
}
