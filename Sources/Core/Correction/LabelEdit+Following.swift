extension LabelCorrection {
  /// The files that boundaries begin from once their reader saved disc labels: his earlier boundaries are set
  /// aside.
  ///
  /// - Parameters:
  ///   - files: those that they began from before, as "role SHA-256".
  ///   - discs: SHA-256 of the disc labels saved.
  public static func files(_ files: [String], afterDiscs discs: String) -> Set<String> {
    let replaced = [LabelRole.levels, .discs].map { "\($0.rawValue) " }
    return Set(files.filter { file in !replaced.contains { file.hasPrefix($0) } })
      .union(["\(LabelRole.discs.rawValue) \(discs)"])
  }
}

/// Points that follow another beginning while a reader edits them: boundaries rest on the discs, and these
/// may be saved in between.
extension LabelEdit {
  /// Whether a point has the place that another number had at the beginning.
  public var isRenumbered: Bool {
    points.contains { number, place in
      original.contains { $0.key != number && $0.value == place }
    }
  }

  /// The same edits on points that have other places now: what the reader put somewhere stays there, what he
  /// left where it was follows, in every step of undo and redo.
  ///
  /// - Parameter basis: the points without the edits, in RAS mm by number.
  public func following(_ basis: [UInt16: SIMD3<Double>]) -> LabelEdit {
    func follow(_ step: EditHistory<Change>.Step) -> EditHistory<Change>.Step {
      let change = Change(
        before: followed(step.change.before, basis), after: followed(step.change.after, basis))
      return EditHistory<Change>.Step(name: step.name, change: change)
    }
    return LabelEdit(
      kind, original: basis, points: followed(points, basis),
      history: EditHistory(
        done: history.standing.map { follow($0) }, toRedo: history.stepsToRedo.map { follow($0) }))
  }

  /// Points of any step with those that were not moved at their new places.
  private func followed(
    _ given: [UInt16: SIMD3<Double>], _ basis: [UInt16: SIMD3<Double>]
  ) -> [UInt16: SIMD3<Double>] {
    var result: [UInt16: SIMD3<Double>] = [:]
    for (number, place) in given {
      guard let own = original.first(where: { $0.value == place })?.key else {
        result[number] = place
        continue
      }
      if let now = basis[own] {
        result[number] = now
      } else if own != number {
        // The reader gave it another name: it is his.
        result[number] = place
      }
    }
    for (number, place) in basis where original[number] == nil && result[number] == nil {
      result[number] = place
    }
    return result
  }
}
