extension NIfTIHeader {
  /// Every doubt about the fields, errors among them; empty for a header without fault.
  public func findings() -> [HeaderFinding] {
    dimensionFindings() + typeFindings() + offsetFindings() + scalingFindings()
      + orientationFindings()
  }

  /// Where the voxels lie.
  /// - Throws: `ReadError` for the first finding of severity `error`.
  public func layout(path: String = "") throws(ReadError) -> NIfTILayout {
    if let error = findings().first(where: { $0.severity == .error }) {
      throw error.readError(path: path)
    }
    guard let dataType, let counts = voxelCounts else {
      // Unreachable: the findings above name both.
      throw ReadError(path: path, problem: "has a header that cannot be interpreted")
    }
    return NIfTILayout(
      shape: counts.shape, volumeCount: counts.volumes, dataType: dataType,
      dataOffset: dataOffset ?? 0)
  }

  /// The voxels' offset as an integer, or `nil` when it is none that can be used.
  private var dataOffset: Int? {
    guard voxOffset.isFinite, voxOffset >= 0, voxOffset < 0x1p53,
      voxOffset == voxOffset.rounded(.towardZero)
    else { return nil }
    if isPair { return Int(voxOffset) }
    let minimum = version.headerSize + 4
    if voxOffset == 0 { return minimum }
    return Int(voxOffset) >= minimum ? Int(voxOffset) : nil
  }

  /// The shape of one volume and the number of volumes, or `nil` when a dimension is unusable.
  private var voxelCounts: (shape: SIMD3<Int>, volumes: Int)? {
    guard (1...7).contains(dim[0]) else { return nil }
    let sizes = (1...7).map { $0 <= dim[0] ? dim[$0] : 1 }
    guard sizes.allSatisfy({ $0 > 0 }), let one = RawNumbers.product(sizes[..<3]),
      one <= NIfTI.maximumVoxels, let volumes = RawNumbers.product(sizes[3...]),
      let all = RawNumbers.product([one, volumes, 8]), all < 1 << 53
    else { return nil }
    return ([sizes[0], sizes[1], sizes[2]], volumes)
  }

  private func finding(
    _ severity: HeaderFinding.Severity, _ field: Field, _ problem: String, at extra: Int = 0,
    index: Int? = nil, advice: String? = nil
  ) -> HeaderFinding {
    HeaderFinding(
      severity: severity, field: field.rawValue + (index.map { "[\($0)]" } ?? ""),
      offset: offset(of: field) + extra, problem: problem, advice: advice)
  }

  private func dimensionFindings() -> [HeaderFinding] {
    guard (1...7).contains(dim[0]) else {
      return [finding(.error, .dim, "is \(dim[0]); 1 to 7 dimensions are possible", index: 0)]
    }
    let width = version == .nifti1 ? 2 : 8
    let bad = (1...dim[0]).filter { dim[$0] <= 0 }
    if !bad.isEmpty {
      return bad.map {
        finding(
          .error, .dim, "is \(dim[$0]); a size must be positive", at: width * $0, index: $0)
      }
    }
    guard voxelCounts != nil else {
      let sizes = dim[1...dim[0]].map(String.init).joined(separator: "x")
      return [
        finding(
          .error, .dim,
          "\(sizes) voxels are more than the limit of \(NIfTI.maximumVoxels) a volume",
          at: width, index: 1, advice: "the header is damaged, or the volume must be cropped first")
      ]
    }
    guard dim[0] > 3 else { return [] }
    let volumes = dim[4...dim[0]].reduce(1, *)
    guard volumes > 1 else { return [] }
    return [finding(.note, .dim, "\(volumes) volumes are stored; one is read", index: 0)]
  }

  private func typeFindings() -> [HeaderFinding] {
    guard let dataType else {
      let name = NIfTIDataType.nameOfUnsupported(code: dataTypeCode)
      return [
        finding(
          .error, .datatype, "\(name) is not read: only real numbers of up to 64 bits are",
          advice: "convert the image to an integer or float type")
      ]
    }
    guard bitsPerVoxel != dataType.bytesPerVoxel * 8 else { return [] }
    return [
      finding(
        .warning, .bitpix,
        "is \(bitsPerVoxel), but \(dataType) has \(dataType.bytesPerVoxel * 8) bits; it was ignored"
      )
    ]
  }

  private func offsetFindings() -> [HeaderFinding] {
    guard dataOffset != nil else {
      let least = isPair ? 0 : version.headerSize + 4
      return [
        finding(
          .error, .voxOffset, "is \(voxOffset); a whole number of at least \(least) is needed")
      ]
    }
    guard !isPair, voxOffset == 0 else { return [] }
    return [
      finding(
        .warning, .voxOffset,
        "is 0; the voxels are taken from behind the header at \(version.headerSize + 4)")
    ]
  }

  private func scalingFindings() -> [HeaderFinding] {
    // A NaN slope is the usual way to say "none" and deserves no word.
    if slope.isInfinite { return [finding(.warning, .slope, "is \(slope); values are unscaled")] }
    if slope.isFinite, slope != 0, !intercept.isFinite {
      return [finding(.warning, .inter, "is \(intercept); 0 is used")]
    }
    return []
  }

  private func orientationFindings() -> [HeaderFinding] {
    var result: [HeaderFinding] = []
    if sformCode > 0, sform == nil {
      result.append(
        finding(.warning, .srow, "the matrix is singular or not finite; it was ignored"))
    }
    if qformCode > 0, qform == nil {
      result.append(
        finding(.warning, .quatern, "the quaternion is no rotation; it was ignored"))
    }
    switch unitsCode & 7 {
    case 1: result.append(finding(.note, .units, "metres were converted to mm"))
    case 3: result.append(finding(.note, .units, "micrometres were converted to mm"))
    default: break
    }
    if affine.source != .sform { result += sizeFindings() }
    if affine.source == .pixdim {
      result.append(
        finding(
          .warning, .pixdim,
          "neither sform nor qform: orientation is unknown, RAS was assumed; left and right may be "
            + "exchanged", advice: "set the orientation with a tool that knows the scanner's"))
    }
    if let disagreement = formDisagreement {
      result.append(
        finding(
          .warning, .srow,
          "sform and qform place the volume's corners up to \(rounded(disagreement)) mm apart; "
            + "the sform is used"))
    }
    return result
  }

  private func sizeFindings() -> [HeaderFinding] {
    let width = version == .nifti1 ? 4 : 8
    return (1...3).compactMap { n in
      // A size beyond the dimensions stored is often left 0.
      guard n <= max(dim[0], 1), !(pixdim[n].isFinite && pixdim[n] > 0) else { return nil }
      return finding(
        .warning, .pixdim, "is \(pixdim[n]); \(rounded(voxelSizes[n - 1])) mm is used",
        at: width * n, index: n)
    }
  }

  /// The largest distance in mm between a corner's places by sform and qform, where over 1 mm.
  private var formDisagreement: Double? {
    guard let sform, let qform, let shape = voxelCounts?.shape else { return nil }
    var largest = 0.0
    for corner in 0..<8 {
      let p = SIMD3<Double>(
        corner & 1 == 0 ? 0 : Double(shape.x - 1), corner & 2 == 0 ? 0 : Double(shape.y - 1),
        corner & 4 == 0 ? 0 : Double(shape.z - 1))
      let d = sform(p) - qform(p)
      largest = max(largest, (d * d).sum().squareRoot())
    }
    return largest > 1 ? largest : nil
  }

  private func rounded(_ mm: Double) -> Double { (mm * 100).rounded() / 100 }
}
