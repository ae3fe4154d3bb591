internal import Core
internal import Imaging

extension LoadedStudy {
  /// Takes the lesion of the truth in, slice by slice; one that cannot be read is said with the truth.
  mutating func takeLesion(_ read: () throws -> [MaskRaster]) {
    do {
      lesion = try read().map {
        $0.pixels.contains(true) ? DrawnMask($0, SliceView.truthColour) : nil
      }
    } catch {
      isLesionUnread = true
    }
  }
}

extension StudyScreenState {
  /// The lesion of the case's truth on the slice shown, once the case is revealed.
  var shownLesion: DrawnMask? {
    guard shownTruth != nil, loaded.lesion.indices.contains(slice) else { return nil }
    return loaded.lesion[slice]
  }

  /// Whether the truth's lesion is shown on some slice of the case.
  var showsLesion: Bool { shownTruth != nil && loaded.lesion.contains { $0 != nil } }

  /// What the truth's lesion looks like on a picture, or on which slices it lies; `nil` where none is
  /// shown.
  func lesionWords(on view: SliceView) -> String? {
    guard showsLesion else { return nil }
    guard shownLesion == nil else { return "truth: \(view.truthWords)" }
    let places = loaded.lesion.indices.filter { loaded.lesion[$0] != nil }
    guard let first = places.first, let last = places.last else { return nil }
    return "truth on \(first == last ? "slice \(first + 1)" : "slices \(first + 1)-\(last + 1)")"
  }
}

/// The lesion of a teaching case's truth over the picture.
extension SliceView {
  /// Cyan: no map and no label has it, and it differs from the maps' orange and blue and from grey also
  /// with the common colour deficiencies.
  static let truthColour = RGB8(r: 0, g: 235, b: 255)

  /// Whether the picture is large enough for outlines.
  private var hasOutlines: Bool {
    let placement = PicturePlacement(
      crop: crop, targetRows: canvas.size.height, targetColumns: canvas.size.width,
      canvasPixelAspect: canvas.pixelAspect)
    return min(placement.rowScale, placement.columnScale) >= PictureRenderer.smallestContourScale
  }

  /// How it is drawn, in a word or two; without colours it is told from the AI's outline by its form.
  var truthWords: String {
    switch (hasOutlines, canvas.monochrome) {
    case (true, false): "cyan line"
    case (true, true): "double line"
    case (false, false): "cyan"
    case (false, true): "chequered"
    }
  }

  /// Draws it: its outline over everything; where the picture is too small for that, its pixels in the
  /// place of the map's.
  func add(_ truth: DrawnMask, to request: inout PictureRequest) {
    let (mask, monochrome) = (truth.raster, canvas.monochrome)
    if isFine, !isDraft {
      let colour = monochrome ? RGB8.white : truth.colour
      request.lettering.legend.append((colour: colour, name: "truth"))
    }
    if hasOutlines, !isDraft {
      if monochrome {
        request.contours.append(PictureRequest.Contour(mask: mask.grown, colour: .black))
      }
      request.contours.append(
        PictureRequest.Contour(mask: mask, colour: monochrome ? .white : truth.colour))
      return
    }
    if let values = request.overlay?.values, values.pixels.count == mask.pixels.count {
      for n in mask.pixels.indices where mask.pixels[n] {
        request.overlay?.values.pixels[n] = .nan
      }
    }
    let parts: [(mask: MaskRaster, colour: RGB8)] =
      monochrome
      ? [(mask.chequered(true), .white), (mask.chequered(false), .black)] : [(mask, truth.colour)]
    request.fills += parts.map {
      PictureRequest.Fill(mask: $0.mask, colour: $0.colour, opacity: 0.75)
    }
  }
}

extension MaskRaster {
  /// The mask with the pixels beside it.
  fileprivate var grown: MaskRaster {
    var result = self
    for row in 0..<rows {
      for column in 0..<columns where self[row, column] {
        for (r, c) in [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
        where contains(row: r, column: c) { result[r, c] = true }
      }
    }
    return result
  }

  /// Every other square of 6 px of the mask: the even or the odd ones.
  fileprivate func chequered(_ isEven: Bool) -> MaskRaster {
    var result = self
    for row in 0..<rows {
      for column in 0..<columns where ((row / 6 + column / 6) % 2 == 0) != isEven {
        result[row, column] = false
      }
    }
    return result
  }
}
