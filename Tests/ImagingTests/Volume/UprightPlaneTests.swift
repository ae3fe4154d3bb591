import Imaging
import Testing

@Suite("Stored planes as they are looked at")
struct UprightPlaneTests {
  /// A volume whose grey value is a RAS coordinate, on axes given as columns of the affine.
  private func volume(_ affine: Affine, coordinate: Int) -> ImageVolume {
    let shape: SIMD3<Int> = [5, 6, 7]
    var voxels: [Float] = []
    for k in 0..<shape.z {
      for j in 0..<shape.y {
        for i in 0..<shape.x {
          voxels.append(Float(affine([Double(i), Double(j), Double(k)])[coordinate]))
        }
      }
    }
    return ImageVolume(shape: shape, voxels: voxels, affine: affine)
  }

  /// Slices along z, y and x, with axes in either sense.
  static let cases: [(affine: Affine, down: Int, across: Int, axis: Int)] = [
    (Affine(i: [1, 0, 0], j: [0, 1, 0], k: [0, 0, 4], origin: [3, -2, 5]), 1, 0, 2),
    (Affine(i: [-1, 0, 0], j: [0, -1, 0], k: [0, 0, -4], origin: [0, 0, 0]), 1, 0, 2),
    (Affine(i: [0, -1, 0], j: [0, 0, 1], k: [4, 0, 0], origin: [0, 0, 0]), 2, 1, 2),
    (Affine(i: [1, 0, 0], j: [0, 4, 0], k: [0, 0, 1], origin: [0, 0, 0]), 2, 0, 1),
    (Affine(i: [4, 0, 0], j: [0, 1, 0], k: [0, 0, -1], origin: [0, 0, 0]), 2, 1, 0),
  ]

  @Test("superior or anterior is up, anterior or the patient's right at the left", arguments: 0..<5)
  func orientation(number: Int) throws {
    let (affine, down, across, axis) = Self.cases[number]
    for (coordinate, isRow) in [(down, true), (across, false)] {
      let volume = volume(affine, coordinate: coordinate)
      #expect(volume.sliceAxis == axis)
      let plane = try #require(volume.uprightPlane(axis: axis, index: 2))
      let raster = volume.resampled(on: plane, interpolation: .linear).raster
      #expect(raster.rows == plane.rows && raster.columns == plane.columns)
      let first = raster[1, 1]
      let next = isRow ? raster[2, 1] : raster[1, 2]
      // R, A and S grow from left to right of nothing: downwards and to the right they fall.
      #expect(abs(next - first + 1) < 1e-4, "case \(number): \(first) \(next)")
    }
  }

  @Test("the letters at the edges are those of the plane")
  func letters() throws {
    func letters(_ number: Int) throws -> PictureRequest.Orientation {
      let item = Self.cases[number]
      let volume = volume(item.affine, coordinate: 0)
      return PictureRequest.Orientation(
        try #require(volume.uprightPlane(axis: item.axis, index: 0)))
    }
    for number in [0, 1] { #expect(try letters(number) == .axial) }
    for number in [2, 4] { #expect(try letters(number) == .sagittal) }
    let coronal = PictureRequest.Orientation(top: "H", bottom: "F", left: "R", right: "L")
    #expect(try letters(3) == coronal)
  }

  @Test("pixels are square, whatever the spacing")
  func squarePixels() throws {
    let volume = ImageVolume(
      shape: [4, 10, 10], voxels: [Float](repeating: 1, count: 400),
      affine: Affine(i: [5, 0, 0], j: [0, 0.5, 0], k: [0, 0, 2], origin: [0, 0, 0]))
    let plane = try #require(volume.uprightPlane(axis: 0, index: 0))
    #expect(plane.rows == 37 && plane.columns == 10)
  }

  @Test("a volume without a place has no upright plane")
  func noPlace() {
    let volume = ImageVolume(
      shape: [2, 2, 2], voxels: [Float](repeating: 1, count: 8),
      affine: Affine(i: [1, 0, 0], j: [1, 0, 0], k: [0, 0, 1], origin: [0, 0, 0]))
    #expect(volume.uprightPlane(axis: 2, index: 0) == nil)
  }
}
